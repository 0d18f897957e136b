"""CPSV-AP: what the profile requires is there, every reference is typed, every term is one of the profile's."""

import pytest
from rdflib import DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, FOAF, ORG, SKOS, XSD
from rdflib.term import Node

from catalog.exchange import cpsv_ap
from catalog.exchange.offers import services, stable_id
from tests.support.exports import catalogue, item, unified

CPSV = Namespace("http://purl.org/vocab/cpsv#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
M8G = Namespace("http://data.europa.eu/m8g/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
TIME = Namespace("http://www.w3.org/2006/time#")

# Property -> the class that its values must be of (CPSV-AP 3.2.0); None where they are literals.
RANGES: dict[Node, URIRef | None] = {
    ADMS.status: SKOS.Concept,
    CPSV.follows: CPSV.Rule,
    CPSV.hasInput: M8G.Evidence,
    CPSV.implements: ELI.LegalResource,
    CPSV.produces: M8G.Output,
    DCAT.keyword: None,
    DCTERMS.audience: SKOS.Concept,
    DCTERMS.conformsTo: M8G.EvidenceType,
    DCTERMS.description: None,
    DCTERMS.hasPart: CPSV.PublicService,
    DCTERMS.identifier: None,
    DCTERMS.isPartOf: DCAT.Dataset,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.spatial: DCTERMS.Location,
    DCTERMS.title: None,
    DCTERMS.type: SKOS.Concept,
    M8G.contactPoint: M8G.ContactPoint,
    M8G.currency: SKOS.Concept,
    M8G.evidenceTypeClassification: SKOS.Concept,
    M8G.hasChannel: M8G.Channel,
    M8G.hasCompetentAuthority: M8G.PublicOrganisation,
    M8G.hasCost: M8G.Cost,
    M8G.hasInputType: M8G.EvidenceType,
    M8G.hasLegalResource: ELI.LegalResource,
    M8G.hasParticipant: FOAF.Agent,
    M8G.hasParticipation: M8G.Participation,
    M8G.hasSupportingEvidence: M8G.Evidence,
    M8G.hasValue: None,
    M8G.holdsRequirement: M8G.Requirement,
    M8G.isClassifiedBy: SKOS.Concept,
    M8G.isGroupedBy: M8G.Event,
    M8G.openingHours: TIME.TemporalEntity,
    M8G.ownedBy: ORG.Organization,
    M8G.processingTime: None,
    M8G.role: SKOS.Concept,
    M8G.relatedService: CPSV.PublicService,
    M8G.supportsRequirement: M8G.Requirement,
    M8G.telephone: None,
    M8G.thematicArea: SKOS.Concept,
    ORG.classification: SKOS.Concept,
    SKOS.notation: None,
    SKOS.prefLabel: None,
}
# What the profile asks of each class at least once; an identifier also at most once.
REQUIRED = {
    CPSV.PublicService: (
        DCTERMS.identifier,
        DCTERMS.title,
        DCTERMS.description,
        M8G.hasCompetentAuthority,
    ),
    CPSV.Rule: (DCTERMS.identifier, DCTERMS.title, DCTERMS.description),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    FOAF.Agent: (DCTERMS.identifier, DCTERMS.title),
    M8G.Channel: (DCTERMS.identifier,),
    M8G.Cost: (DCTERMS.identifier,),
    M8G.Event: (DCTERMS.identifier, DCTERMS.title),
    M8G.Evidence: (DCTERMS.identifier, DCTERMS.title),
    M8G.EvidenceType: (DCTERMS.identifier,),
    M8G.Output: (DCTERMS.identifier, DCTERMS.title),
    M8G.Participation: (DCTERMS.identifier, DCTERMS.description, M8G.role, M8G.hasParticipant),
    M8G.PublicOrganisation: (SKOS.prefLabel, DCTERMS.spatial),
    M8G.Requirement: (DCTERMS.identifier, DCTERMS.title),
}
TASK = f"{unified(2)}5119999001001"


def read(data: bytes) -> Graph:
    return Graph().parse(data=data, format="turtle")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return read(cpsv_ap.encode(catalogue()))


def node(*names: str) -> URIRef:
    return URIRef(f"urn:uuid:{stable_id(*names)}")


def texts(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    return sorted(str(value) for value in graph.objects(subject, predicate))


def test_every_term_is_known_and_every_reference_has_the_class_of_its_property(graph: Graph) -> None:
    wrong = [
        (subject, predicate, value)
        for subject, predicate, value in graph
        if predicate != RDF.type
        and not (
            isinstance(value, Literal)
            if RANGES[predicate] is None
            else (value, RDF.type, RANGES[predicate]) in graph
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("kind", REQUIRED, ids=lambda kind: str(kind))
def test_what_the_profile_requires_is_there(graph: Graph, kind: URIRef) -> None:
    subjects = list(graph.subjects(RDF.type, kind))
    assert subjects
    for subject in subjects:
        for predicate in REQUIRED[kind]:
            assert list(graph.objects(subject, predicate)), f"{subject} has no {predicate}"
        assert len(list(graph.objects(subject, DCTERMS.identifier))) <= 1


def test_there_is_one_service_for_each_task_code(graph: Graph) -> None:
    codes = [graph.value(each, DCTERMS.identifier) for each in graph.subjects(RDF.type, CPSV.PublicService)]
    assert sorted(map(str, codes)) == sorted(each.task_code for each in services(catalogue()))
    assert graph.value(node("service", TASK), DCTERMS.identifier) == Literal(TASK)


def test_words_are_in_chinese_and_codes_in_no_language(graph: Graph) -> None:
    service = node("service", TASK)
    assert graph.value(service, DCTERMS.title) == Literal("样本津贴发放", lang="zh")
    description = graph.value(service, DCTERMS.description)
    assert description == Literal('年满 80 周岁可以领。\n见样本证办理，"引号"和\\反斜杠。', lang="zh")
    assert texts(graph, service, DCAT.keyword) == ["=1+1 津贴", "样本补贴", "领样本津贴"]


def test_the_authority_is_the_body_that_carries_it_out(graph: Graph) -> None:
    [authority] = graph.objects(node("service", TASK), M8G.hasCompetentAuthority)
    assert authority == node("body", unified(2))
    assert graph.value(authority, SKOS.prefLabel) == Literal("甲街道办事处", lang="zh")
    assert graph.value(authority, DCTERMS.spatial) == node("location", "990100")


def test_the_item_has_the_city_s_time_and_the_street_s_channel_its_own(graph: Graph) -> None:
    service, channel = node("service", TASK), node("channel", f"990100001-{TASK}")
    assert graph.value(service, M8G.processingTime) == Literal("P21D", datatype=XSD.duration)
    assert graph.value(channel, M8G.processingTime) == Literal("P7D", datatype=XSD.duration)
    assert (service, M8G.hasChannel, channel) in graph


def test_stations_and_the_web_are_channels_too(graph: Graph) -> None:
    licence = next(graph.subjects(DCTERMS.title, Literal("样本证办理", lang="zh")))
    channels = {text for each in graph.objects(licence, M8G.hasChannel) for text in
                texts(graph, each, DCTERMS.description)}  # fmt: skip
    assert "网上办理：https://example.com/zheng?a=1" in channels
    assert "甲一社区（甲街道）\n样例区甲一社区样例路 2 号\n010-00000101" in channels
    assert not any(text.startswith("甲二社区") for text in channels)


def test_each_material_is_a_requirement_with_its_evidence(graph: Graph) -> None:
    service = node("service", TASK)
    evidence = node("evidence", "119999001001-M2")
    requirement = node("requirement", "119999001001-M2")
    assert (service, CPSV.hasInput, evidence) in graph
    assert (service, M8G.holdsRequirement, requirement) in graph
    assert (requirement, M8G.hasSupportingEvidence, evidence) in graph
    assert (evidence, M8G.supportsRequirement, requirement) in graph
    assert texts(graph, requirement, DCTERMS.title) == ['提交=HYPERLINK("x")（代办的）']
    kinds = set(graph.objects(service, M8G.hasInputType))
    assert {graph.value(evidence, DCTERMS.conformsTo)} < kinds
    # The same paper for two items is one kind of evidence.
    licence = next(graph.subjects(DCTERMS.title, Literal("样本证办理", lang="zh")))
    assert kinds > set(graph.objects(licence, M8G.hasInputType))


def test_conditions_limits_and_laws_are_told(graph: Graph) -> None:
    service = node("service", TASK)
    held = {text for each in graph.objects(service, M8G.holdsRequirement) for text in
            texts(graph, each, DCTERMS.title)}  # fmt: skip
    assert {"年满 80 周岁", "有样例市户口"} < held
    rules = {
        str(graph.value(each, DCTERMS.title)): str(graph.value(each, DCTERMS.description))
        for each in graph.objects(service, CPSV.follows)
    }
    assert rules == {
        "办理流程": "收件（社区站点）：核对材料。\n受理（街道中心）：录入系统。",
        "办结时限": "法定办结时限：30 个工作日（约一个半月）\n承诺办结时限：15 个工作日（约三周）",
        "《样例法》第一条": "发津贴。",
    }
    law = graph.value(service, M8G.hasLegalResource)
    assert law is not None
    assert texts(graph, law, DCTERMS.identifier) == ["样字〔2000〕1号"]


def test_life_events_and_business_events_are_told_apart(graph: Graph) -> None:
    assert (node("event", "P09"), RDF.type, M8G.LifeEvent) in graph
    assert (node("event", "L01"), RDF.type, M8G.BusinessEvent) in graph
    assert (node("service", TASK), M8G.isGroupedBy, node("event", "P09")) in graph


def test_a_department_that_takes_part_is_told_with_its_role(graph: Graph) -> None:
    licence = next(graph.subjects(DCTERMS.title, Literal("样本证办理", lang="zh")))
    [part] = graph.objects(licence, M8G.hasParticipation)
    agent = graph.value(part, M8G.hasParticipant)
    assert agent is not None
    assert texts(graph, agent, DCTERMS.identifier) == [unified(4)]
    assert texts(graph, part, DCTERMS.description) == ["联办机构：样例区残联"]


def test_only_what_is_free_has_a_price_of_nothing(graph: Graph) -> None:
    free, charged = node("cost", "119999001001"), node("cost", "119999002001")
    assert graph.value(free, M8G.hasValue) == Literal("0.0", datatype=XSD.double)
    assert graph.value(charged, M8G.hasValue) is None
    assert texts(graph, charged, DCTERMS.description) == ["工本费：每证 5 元"]


def test_related_services_are_those_of_a_street_in_common(graph: Graph) -> None:
    licence = next(graph.subjects(DCTERMS.title, Literal("样本证办理", lang="zh")))
    assert list(graph.objects(node("service", TASK), M8G.relatedService)) == [licence]
    apart = catalogue(items=[item(), item(slug="yi-zheng", code="119999003001", related=["yang-ben"])])
    apart = apart.model_copy(
        update={"district": apart.district.model_copy(update={"items": ("yang-ben", "yi-zheng")})}
    )
    other = read(cpsv_ap.encode(apart))
    [related] = other.objects(node("service", f"{unified(2)}5119999003001"), M8G.relatedService)
    assert related == node("service", TASK)


def test_a_term_without_a_code_has_no_notation() -> None:
    none = {"type": "无", "name": "不发证", "delivery": "电话告知。"}
    graph = read(cpsv_ap.encode(catalogue(items=[item(result=none, related=[])])))
    [kind] = graph.objects(node("output", "119999001001"), DCTERMS.type)
    assert graph.value(kind, SKOS.prefLabel) == Literal("无", lang="zh")
    assert graph.value(kind, SKOS.notation) is None


def test_a_sample_says_that_it_is_one(graph: Graph) -> None:
    dataset = node("dataset", "990100")
    assert texts(graph, dataset, DCTERMS.description) == ["本网站内容为虚构示例，不能作为办事依据。"]
    assert len(list(graph.objects(dataset, DCTERMS.hasPart))) == 3


def test_the_same_catalogue_gives_the_same_bytes() -> None:
    assert cpsv_ap.encode(catalogue()) == cpsv_ap.encode(catalogue())
