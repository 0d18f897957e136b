"""The services in CPSV-AP 3.2.0, the European application profile for public services, as Turtle.

One cpsv:PublicService for each 实施编码, with one channel for each street that carries it out and each station
that takes it. Shared things (bodies, places, laws, kinds of evidence, codes) are told once.
"""

from collections.abc import Iterable

from catalog import wording
from catalog.exchange.offers import Offer, Service, services, stable_id
from catalog.exchange.plain import plain
from catalog.exchange.times import duration
from catalog.exchange.turtle import Resource, document, iri, text, typed, words
from catalog.model import (
    Body,
    Catalogue,
    District,
    LegalBasis,
    Material,
    Result,
    ServiceItem,
    Station,
    Street,
)
from catalog.terms import Channel, Coded, Topic

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "m8g": "http://data.europa.eu/m8g/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_CHINESE = iri("http://publications.europa.eu/resource/authority/language/ZHO")
_YUAN = iri("http://publications.europa.eu/resource/authority/currency/CNY")
_COMPANY = "L"
"""The letter with which the codes of topics for companies begin; theirs are business events."""

Statements = list[tuple[str, str]]


def encode(catalogue: Catalogue) -> bytes:
    """Every service of the catalogue; identifiers are urn:uuid and stay the same from release to release."""
    graph = _Graph(catalogue)
    for service in graph.services:
        graph.service(service)
    graph.dataset()
    return document(PREFIXES, graph.resources.values())


class _Graph:
    """Collects resources, each once, in the order in which they are first told of."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.services = services(catalogue)
        self._bodies = {body.name: body for body in catalogue.bodies}
        self._by_slug: dict[str, list[Service]] = {}
        for service in self.services:
            self._by_slug.setdefault(service.item.slug, []).append(service)
        self.resources: dict[str, Resource] = {
            _CHINESE: Resource(_CHINESE, ("dct:LinguisticSystem",), (("skos:prefLabel", words("中文")),)),
        }

    def service(self, service: Service) -> None:
        """The service itself and everything it refers to."""
        item = service.item
        self._add(
            _service(service),
            ["cpsv:PublicService"],
            [
                *_identified(service.task_code, item.name, plain(item.summary)),
                *(("dcat:keyword", words(name)) for name in (item.plain_name, *item.aliases)),
                ("dct:language", _CHINESE),
                ("dct:isPartOf", _dataset(self._catalogue.district)),
                ("m8g:hasCompetentAuthority", self._authority(service.body)),
                ("m8g:processingTime", typed(duration(item.promised_limit), "xsd:duration")),
                *self._classified(item),
                *self._reached(service),
                *self._required(item),
                *self._ruled(item),
                ("m8g:hasCost", self._cost(item)),
                ("cpsv:produces", self._output(item, item.result)),
                *(("m8g:isGroupedBy", self._event(topic)) for topic in item.topics),
                *(("m8g:hasParticipation", self._partner(item, name)) for name in item.joint_departments),
                *self._related(service),
            ],
        )

    def dataset(self) -> None:
        """The catalogue as a dcat:Dataset, with the sentence that says what it is worth."""
        district = self._catalogue.district
        publisher = self._add(
            _node("publisher", district.code),
            ["foaf:Agent"],
            [("dct:identifier", text(district.code)), ("dct:title", words(district.name))],
        )
        self._add(
            _dataset(district),
            ["dcat:Dataset"],
            [
                *_identified(district.code, district.site_name, district.illustrative),
                ("dct:publisher", publisher),
                *(("dct:hasPart", _service(service)) for service in self.services),
            ],
        )

    def _add(self, node: str, types: Iterable[str], statements: Iterable[tuple[str, str]]) -> str:
        self.resources.setdefault(node, Resource(node, tuple(types), tuple(statements)))
        return node

    def _concept(self, term: Coded) -> str:
        scheme = type(term).__name__
        statements = [("skos:prefLabel", words(term.value))]
        if term.code:
            statements.append(("skos:notation", text(term.code)))
        return self._add(_node("concept", scheme, term.name), ["skos:Concept"], statements)

    def _station_counter(self) -> str:
        label = ("skos:prefLabel", words("社区（村）站点"))
        return self._add(_node("concept", "station-counter"), ["skos:Concept"], [label])

    def _location(self, code: str, name: str) -> str:
        statements = [("dct:identifier", text(code)), ("skos:prefLabel", words(name))]
        return self._add(_node("location", code), ["dct:Location"], statements)

    def _authority(self, body: Body) -> str:
        district = self._catalogue.district
        return self._add(
            _node("body", body.unified_code),
            ["m8g:PublicOrganisation", "org:Organization"],
            [
                ("dct:identifier", text(body.unified_code)),
                ("skos:prefLabel", words(body.name)),
                ("dct:spatial", self._location(district.code, district.name)),
                ("org:classification", self._concept(body.nature)),
            ],
        )

    def _classified(self, item: ServiceItem) -> Statements:
        return [
            ("dct:type", self._concept(item.type)),
            ("adms:status", self._concept(item.state)),
            ("m8g:thematicArea", self._concept(item.theme)),
            ("m8g:isClassifiedBy", self._concept(item.kind)),
            ("m8g:isClassifiedBy", self._concept(item.handling)),
            *(("dct:audience", self._concept(audience)) for audience in item.audience),
        ]

    def _reached(self, service: Service) -> Statements:
        """Where it is served and through which channels."""
        statements: Statements = []
        for offer in service.offers:
            street = offer.implementation.street
            statements += [
                ("dct:spatial", self._location(street.code, street.name)),
                ("m8g:hasChannel", self._centre(service, offer)),
                ("m8g:contactPoint", self._contact(offer)),
                *(("m8g:hasChannel", self._station(street, station)) for station in offer.stations),
            ]
        others = (channel for channel in service.item.channels if channel is not Channel.COUNTER)
        return statements + [("m8g:hasChannel", self._remote(service, channel)) for channel in others]

    def _centre(self, service: Service, offer: Offer) -> str:
        told = offer.implementation
        code = f"{told.street.code}-{service.task_code}"
        lines = (told.street.center, told.place, told.note)
        return self._add(
            _node("channel", code),
            ["m8g:Channel"],
            [
                ("dct:identifier", text(code)),
                ("dct:description", words("\n".join(filter(None, lines)))),
                ("dct:type", self._concept(Channel.COUNTER)),
                ("m8g:processingTime", typed(duration(told.promised_limit), "xsd:duration")),
                ("m8g:openingHours", self._hours(told.hours)),
                ("m8g:ownedBy", self._authority(service.body)),
            ],
        )

    def _station(self, street: Street, station: Station) -> str:
        return self._add(
            _node("channel", station.code),
            ["m8g:Channel"],
            [
                ("dct:identifier", text(station.code)),
                (
                    "dct:description",
                    words(f"{station.name}（{street.name}）\n{station.address}\n{station.phone}"),
                ),
                ("dct:type", self._station_counter()),
                ("m8g:openingHours", self._hours(station.hours)),
            ],
        )

    def _remote(self, service: Service, channel: Channel) -> str:
        online = service.item.online
        address = f"：{online.url}" if channel is Channel.ONLINE and online else ""
        code = f"{service.task_code}-{channel.code}"
        return self._add(
            _node("channel", code),
            ["m8g:Channel"],
            [
                ("dct:identifier", text(code)),
                ("dct:description", words(channel.value + address)),
                ("dct:type", self._concept(channel)),
            ],
        )

    def _contact(self, offer: Offer) -> str:
        told = offer.implementation
        key = (told.street.code, told.phone, told.complaint_phone, told.hours)
        return self._add(
            _node("contact", *key),
            ["m8g:ContactPoint"],
            [
                ("dct:description", words(f"咨询 {told.phone}，投诉 {told.complaint_phone}")),
                ("m8g:telephone", text(told.phone)),
                ("m8g:openingHours", self._hours(told.hours)),
            ],
        )

    def _hours(self, hours: str) -> str:
        return self._add(_node("hours", hours), ["time:TemporalEntity"], [("dct:description", words(hours))])

    def _required(self, item: ServiceItem) -> Statements:
        """Each condition is a requirement; each material one that its evidence supports."""
        statements: Statements = []
        for number, condition in enumerate(item.conditions, 1):
            statements.append(
                ("m8g:holdsRequirement", self._requirement(f"{item.code}-C{number}", condition))
            )
        for number, material in enumerate(item.materials, 1):
            code = f"{item.code}-M{number}"
            evidence = self._evidence(code, material)
            title = f"提交{material.name}" + (f"（{material.when}）" if material.when else "")
            requirement = self._requirement(code, title, evidence, self._concept(material.necessity))
            statements += [
                ("m8g:holdsRequirement", requirement),
                ("cpsv:hasInput", evidence),
                ("m8g:hasInputType", self._evidence_type(material)),
            ]
        return statements

    def _requirement(self, code: str, title: str, evidence: str = "", necessity: str = "") -> str:
        supported = [("m8g:hasSupportingEvidence", evidence), ("dct:type", necessity)] if evidence else []
        statements = [("dct:identifier", text(code)), ("dct:title", words(title)), *supported]
        return self._add(_node("requirement", code), ["m8g:Requirement"], statements)

    def _evidence(self, code: str, material: Material) -> str:
        lines = (wording.copies(material), material.form.value, material.source.value, material.note)
        return self._add(
            _node("evidence", code),
            ["m8g:Evidence"],
            [
                *_identified(code, material.name, "\n".join(filter(None, lines))),
                ("dct:type", self._concept(material.type)),
                ("dct:language", _CHINESE),
                ("dct:conformsTo", self._evidence_type(material)),
                ("m8g:supportsRequirement", _node("requirement", code)),
            ],
        )

    def _evidence_type(self, material: Material) -> str:
        code = stable_id("evidence-type", material.name, material.type.code)
        return self._add(
            iri(f"urn:uuid:{code}"),
            ["m8g:EvidenceType"],
            [
                ("dct:identifier", text(code)),
                ("dct:title", words(material.name)),
                ("m8g:evidenceTypeClassification", self._concept(material.type)),
            ],
        )

    def _ruled(self, item: ServiceItem) -> Statements:
        """The procedure, the time limits, and what each legal basis says, as rules."""
        steps = "\n".join(f"{step.name}（{step.by.value}）：{step.text}" for step in item.steps)
        told = {"法定": item.statutory_limit, "承诺": item.promised_limit}
        limits = "\n".join(f"{name}办结时限：{wording.limit(limit)}" for name, limit in told.items())
        statements: Statements = [
            ("cpsv:follows", self._rule(f"{item.code}-R1", "办理流程", steps)),
            ("cpsv:follows", self._rule(f"{item.code}-R2", "办结时限", limits)),
        ]
        for number, basis in enumerate(item.legal_basis, 3):
            law = self._law(basis)
            title = f"《{basis.title}》{basis.article or ''}"
            rule = self._rule(f"{item.code}-R{number}", title, basis.gist, law)
            statements += [("m8g:hasLegalResource", law), ("cpsv:follows", rule)]
        return statements

    def _rule(self, code: str, title: str, description: str, law: str = "") -> str:
        implemented = [("cpsv:implements", law)] if law else []
        statements = [*_identified(code, title, description), ("dct:language", _CHINESE), *implemented]
        return self._add(_node("rule", code), ["cpsv:Rule"], statements)

    def _law(self, basis: LegalBasis) -> str:
        number = [("dct:identifier", text(basis.number))] if basis.number else []
        node = _node("law", basis.title, basis.number or "")
        return self._add(node, ["eli:LegalResource"], [("dct:title", words(basis.title)), *number])

    def _cost(self, item: ServiceItem) -> str:
        statements = [
            ("dct:identifier", text(f"{item.code}-F1")),
            ("dct:description", words(wording.fee(item.fee))),
        ]
        if not item.fee.charged:
            self._add(_YUAN, ["skos:Concept"], [("skos:prefLabel", words("人民币元"))])
            statements += [("m8g:hasValue", typed("0.0", "xsd:double")), ("m8g:currency", _YUAN)]
        return self._add(_node("cost", item.code), ["m8g:Cost"], statements)

    def _output(self, item: ServiceItem, result: Result) -> str:
        return self._add(
            _node("output", item.code),
            ["m8g:Output"],
            [
                *_identified(f"{item.code}-O1", result.name, result.delivery),
                ("dct:type", self._concept(result.type)),
            ],
        )

    def _event(self, topic: Topic) -> str:
        kind = "m8g:BusinessEvent" if topic.code.startswith(_COMPANY) else "m8g:LifeEvent"
        return self._add(
            _node("event", topic.code),
            [kind, "m8g:Event"],
            [
                ("dct:identifier", text(topic.code)),
                ("dct:title", words(topic.value)),
                ("dct:type", self._concept(topic)),
            ],
        )

    def _partner(self, item: ServiceItem, name: str) -> str:
        """The part that a department takes in an item that another one is in charge of."""
        body, role = self._bodies[name], "联办机构"
        agent = self._add(
            _node("agent", body.unified_code),
            ["foaf:Agent"],
            [("dct:identifier", text(body.unified_code)), ("dct:title", words(body.name))],
        )
        label = ("skos:prefLabel", words(role))
        code = f"{item.code}-{body.unified_code}"
        return self._add(
            _node("participation", code),
            ["m8g:Participation"],
            [
                ("dct:identifier", text(code)),
                ("dct:description", words(f"{role}：{body.name}")),
                ("m8g:role", self._add(_node("concept", "partner"), ["skos:Concept"], [label])),
                ("m8g:hasParticipant", agent),
            ],
        )

    def _related(self, service: Service) -> Statements:
        others = (other for slug in service.item.related for other in self._by_slug.get(slug, ()))
        return [("m8g:relatedService", _service(other)) for other in others if _share_street(service, other)]


def _node(*names: str) -> str:
    return iri(f"urn:uuid:{stable_id(*names)}")


def _service(service: Service) -> str:
    return _node("service", service.task_code)


def _dataset(district: District) -> str:
    return _node("dataset", district.code)


def _identified(code: str, title: str, description: str) -> Statements:
    return [
        ("dct:identifier", text(code)),
        ("dct:title", words(title)),
        ("dct:description", words(description)),
    ]


def _share_street(one: Service, other: Service) -> bool:
    streets = ({offer.implementation.street.code for offer in service.offers} for service in (one, other))
    return bool(set.intersection(*streets))
