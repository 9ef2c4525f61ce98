//! Names and phone numbers of people who do not exist.

use fastrand::Rng;

/// Somebody.
pub struct Person {
    pub name: String,
    pub phone_number: Option<String>,
}

/// Given and family names that go together, frequent ones first.
struct Language {
    given: &'static [&'static str],
    family: &'static [&'static str],
    family_first: bool,
    /// What stands between two family names of one person, where there may be two.
    joint: Option<&'static str>,
}

const LANGUAGES: [Language; 12] = [
    Language {
        given: &["Olivia", "James", "Grace", "Henry", "Chloe", "Samuel", "Ruth", "Miles", "Nora", "Walter"],
        family: &["Smith", "Taylor", "Walker", "Harris", "Bennett", "Clarke", "O'Brien", "Whitfield"],
        family_first: false,
        joint: Some("-"),
    },
    Language {
        given: &["Pavitar", "Ananya", "Rohan", "Simran", "Arjun", "Meera", "Kabir", "Ishita", "Vikram"],
        family: &["Singh", "Sharma", "Patel", "Iyer", "Banerjee", "Kapoor", "Nair", "Chaudhary"],
        family_first: false,
        joint: Some("-"),
    },
    Language {
        given: &["María", "José", "Lucía", "Javier", "Carmen", "Álvaro", "Inés", "Raúl", "Begoña", "Íñigo"],
        family: &["García", "Fernández", "López", "Muñoz", "Ibáñez", "de la Cruz", "Núñez", "Peña"],
        family_first: false,
        joint: Some(" "),
    },
    Language {
        given: &["Anna", "Jonas", "Greta", "Lukas", "Käthe", "Jürgen", "Frieda", "Björn", "Sören"],
        family: &["Müller", "Schmidt", "Weber", "Schäfer", "Krüger", "Groß", "von Ahlen", "Vogelsang"],
        family_first: false,
        joint: Some("-"),
    },
    Language {
        given: &["Camille", "Louis", "Élodie", "Hugo", "Chloé", "Étienne", "Margaux", "François", "Maëlle"],
        family: &["Martin", "Bernard", "Dubois", "Lefèvre", "Moreau", "Béranger", "d'Aubigny"],
        family_first: false,
        joint: Some("-"),
    },
    Language {
        given: &["Zofia", "Jakub", "Agnieszka", "Paweł", "Małgorzata", "Łukasz", "Świętosława", "Bartosz"],
        family: &["Nowak", "Kowalczyk", "Wójcik", "Zieliński", "Dąbrowska", "Szczęsny"],
        family_first: false,
        joint: Some("-"),
    },
    Language {
        given: &["Elif", "Mehmet", "Ayşe", "Emre", "Zeynep", "Çağlar", "Gülşen", "İbrahim"],
        family: &["Yılmaz", "Kaya", "Demir", "Öztürk", "Şahin", "Güneş"],
        family_first: false,
        joint: Some("-"),
    },
    Language {
        given: &["Анна", "Дмитро", "Ольга", "Олександр", "Наталія", "Тарас", "Соломія"],
        family: &["Шевченко", "Коваленко", "Бондаренко", "Ткаченко", "Мельник"],
        family_first: false,
        joint: Some("-"),
    },
    Language {
        given: &["فاطمة", "محمد", "مريم", "يوسف", "ليلى", "خالد", "نور"],
        family: &["الحسن", "العلي", "منصور", "حداد", "النجار"],
        family_first: false,
        joint: None,
    },
    Language {
        given: &["伟", "芳", "秀英", "敏", "静", "建国", "子涵", "欣怡"],
        family: &["王", "李", "张", "刘", "陈", "欧阳"],
        family_first: true,
        joint: None,
    },
    Language {
        given: &["陽菜", "蓮", "さくら", "健太", "美咲", "翔", "ひなた", "直樹"],
        family: &["佐藤", "鈴木", "高橋", "田中", "渡辺", "小林"],
        family_first: true,
        joint: None,
    },
    Language {
        given: &["Adaeze", "Chidi", "Folake", "Kwame", "Amara", "Tunde", "Yaa", "Sipho", "Thandiwe"],
        family: &["Okafor", "Mensah", "Adeyemi", "Nkosi", "Balogun", "Dlamini", "Asante"],
        family_first: false,
        joint: Some("-"),
    },
];

/// Anyone. Names repeat, as they do in life; one person in seven has given no phone number.
pub fn person(random: &mut Rng) -> Person {
    Person { name: name(random), phone_number: (random.u32(0..7) > 0).then(|| phone_number(random)) }
}

fn name(random: &mut Rng) -> String {
    let language = &LANGUAGES[random.usize(..LANGUAGES.len())];
    let (given, family) = (one_of(language.given, random), family(language, random));
    match language.family_first {
        true => format!("{family} {given}"),
        false => format!("{given} {family}"),
    }
}

fn family(language: &Language, random: &mut Rng) -> String {
    let (one, other) = (one_of(language.family, random), one_of(language.family, random));
    match language.joint {
        Some(joint) if one != other && random.bool() => format!("{one}{joint}{other}"),
        _ => one.to_owned(),
    }
}

/// The earlier in the list, the more often.
fn one_of(list: &'static [&'static str], random: &mut Rng) -> &'static str {
    list[random.usize(..list.len()).min(random.usize(..list.len()))]
}

/// 999 is no country's code, so these numbers call nobody.
fn phone_number(random: &mut Rng) -> String {
    let number = random.u32(..100_000_000);
    format!("+999 {} {:04} {:04}", random.u32(20..99), number / 10_000, number % 10_000)
}
