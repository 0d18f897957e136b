import pytest

from catalog.pinyin import fold, initial, syllables


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("社保卡", "she bao ka"),
        ("满 80 岁，每月领津贴", "man 8 0 sui mei yue ling jin tie"),
        ("长辛店", "chang xin dian"),
        ("长阳", "chang yang"),
        ("长沟", "chang gou"),
        ("长哨营", "chang shao ying"),
        ("长峪岔村", "chang yu cha cun"),
        ("西长安街", "xi chang an jie"),
        ("长子营", "zhang zi ying"),
        ("长者食堂", "zhang zhe shi tang"),
        ("家长", "jia zhang"),
        ("什刹海", "shi cha hai"),
        ("大栅栏", "da shi lan"),
        ("朝阳门", "chao yang men"),
        ("朝内大街", "chao nei da jie"),
        ("十里堡", "shi li pu"),
        ("马家堡", "ma jia pu"),
        ("刘斌堡", "liu bin bao"),
        ("东单店", "dong shan dian"),
        ("重办一张", "chong ban yi zhang"),
        ("重度残疾", "zhong du can ji"),
        ("银行卡", "yin hang ka"),
        ("行宫", "xing gong"),
        ("办事行程", "ban shi xing cheng"),
        ("平乐园", "ping le yuan"),
        ("女儿", "nv er"),
        ("，", ""),
    ],
)
def test_names_are_read_as_people_read_them(name: str, spelled: str) -> None:
    assert " ".join(syllables(name)) == spelled


def test_every_character_has_one_syllable() -> None:
    name = "３岁以下ＡＢ〇㐂孩子"
    assert len(syllables(name)) == len(fold(name))


@pytest.mark.parametrize(
    ("name", "letter"), [("社保卡", "S"), ("4050 人员", "#"), ("App 认证", "A"), ("！", "#")]
)
def test_a_name_is_filed_under_its_first_letter(name: str, letter: str) -> None:
    assert initial(name) == letter


def test_width_capitals_and_punctuation_make_no_difference() -> None:
    assert fold("ＳＢＫ－１２３ 社保，卡 Lü") == "sbk123社保卡lv"
