//! Names of people as a European HR system has them: diacritics, prefixes, double names.

use super::rng::Rng;

const FIRST: &[&str] = &[
    "Sanne",
    "Daan",
    "Lotte",
    "Bram",
    "Femke",
    "Thijs",
    "Noor",
    "Sem",
    "Fleur",
    "Jesse",
    "Anouk",
    "Ruben",
    "Maud",
    "Stijn",
    "Eefje",
    "Lars",
    "Roos",
    "Joris",
    "Marijke",
    "Wouter",
    "Hanneke",
    "Pieter",
    "Ingrid",
    "Gerrit",
    "Ans",
    "Wim",
    "Truus",
    "Kees",
    "Annelies",
    "Jeroen",
    "Saskia",
    "Maarten",
    "Ilse",
    "Bas",
    "Tessa",
    "Koen",
    "Renée",
    "André",
    "Noëlle",
    "Loïs",
    "Daniël",
    "Zoë",
    "Michaël",
    "Chloë",
    "Jürgen",
    "Björn",
    "Sören",
    "Käthe",
    "Günther",
    "Jörg",
    "Anneliese",
    "Émilie",
    "François",
    "Hélène",
    "Gaël",
    "Aurélie",
    "Benoît",
    "Maëlys",
    "José",
    "Íñigo",
    "Begoña",
    "Núria",
    "Álvaro",
    "João",
    "Inês",
    "Conceição",
    "Łukasz",
    "Małgorzata",
    "Paweł",
    "Zofia",
    "Agnieszka",
    "Jiří",
    "Zdeněk",
    "Tereza",
    "Eliška",
    "Ștefan",
    "Ioana",
    "Gheorghe",
    "Ağça",
    "Özlem",
    "Çağlar",
    "Şeyma",
    "Mehmet",
    "Ayşe",
    "Fatima",
    "Mohammed",
    "Youssef",
    "Samira",
    "Naïma",
    "Åsa",
    "Øyvind",
    "Bjørn",
    "Siân",
    "Niamh",
    "Seán",
    "Aoife",
    "Giuseppe",
    "Nicolò",
    "Chiara",
    "Žiga",
    "Dražen",
    "Ólafur",
    "Þóra",
    "Tõnis",
    "Jānis",
    "Rūta",
    "Ödön",
    "Zsófia",
    "Ágnes",
    "Anne-Marie",
    "Jan-Willem",
    "Marie-Claire",
];

const PREFIX: &[&str] = &[
    "de", "van", "van de", "van der", "van den", "ter", "ten", "'t", "in 't", "op den", "von", "du", "di",
];

const DUTCH_LAST: &[&str] = &[
    "Jong", "Vries", "Berg", "Dijk", "Bakker", "Visser", "Meer", "Boer", "Heuvel", "Linden", "Broek",
    "Velde", "Wal", "Hout", "Laan", "Graaf", "Ruiter", "Wit", "Groot", "Bosch", "Horst", "Brink", "Haar",
    "Beek", "Veen",
];

const LAST: &[&str] = &[
    "Jansen",
    "Pietersen",
    "Mulder",
    "Smit",
    "Hendriks",
    "Dekker",
    "Brouwer",
    "Hoekstra",
    "Postma",
    "Kuipers",
    "Willems",
    "Peeters",
    "Maes",
    "Jacobs",
    "Mertens",
    "Claes",
    "Müller",
    "Schröder",
    "Weiß",
    "König",
    "Jäger",
    "Schäfer",
    "Köhler",
    "Lefèvre",
    "Dubois",
    "Gonçalves",
    "Fernández",
    "García",
    "Núñez",
    "Ibáñez",
    "Sørensen",
    "Ødegård",
    "Åkesson",
    "Lindström",
    "Nowak",
    "Wiśniewski",
    "Wójcik",
    "Dąbrowska",
    "Dvořák",
    "Novotný",
    "Procházková",
    "Popescu",
    "Ionescu",
    "Yılmaz",
    "Çelik",
    "Öztürk",
    "El Amrani",
    "Benali",
    "O'Brien",
    "Ní Bhroin",
    "Rossi",
    "D'Angelo",
    "Kovačević",
    "Horvat",
    "Bērziņš",
    "Kazlauskienė",
    "Nagy",
    "Szabó",
    "Þorsteinsdóttir",
    "Vermeulen-Bos",
    "Bakker-de Wit",
    "Hofman-Köhler",
];

/// A full name.
pub(crate) fn person(rng: &mut Rng) -> String {
    let first = rng.pick(FIRST);
    if rng.percent(35) {
        let prefix = rng.pick(PREFIX);
        format!("{first} {prefix} {}", rng.pick(DUTCH_LAST))
    } else {
        format!("{first} {}", rng.pick(LAST))
    }
}

/// The name in the plain letters of an e-mail address: `Noëlle van 't Hout` becomes `noelle.van.t.hout`.
pub(crate) fn address(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            'a'..='z' | '0'..='9' => out.push(letter),
            'A'..='Z' => out.push(letter.to_ascii_lowercase()),
            '\'' => {}
            ' ' | '-' => {
                if !out.ends_with('.') {
                    out.push('.');
                }
            }
            other => out.push_str(plain(other)),
        }
    }
    out
}

fn plain(letter: char) -> &'static str {
    match letter {
        'Á' | 'Å' | 'á' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ą' | 'ă' => "a",
        'Ç' | 'ç' | 'č' | 'ć' => "c",
        'ď' | 'ð' => "d",
        'É' | 'é' | 'è' | 'ê' | 'ë' | 'ě' | 'ę' | 'ē' | 'ė' => "e",
        'ğ' => "g",
        'Í' | 'í' | 'ï' | 'î' | 'ı' | 'ī' => "i",
        'Ł' | 'ł' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'Ó' | 'Ö' | 'Ø' | 'ó' | 'ö' | 'ò' | 'õ' | 'ø' | 'ô' => "o",
        'ř' => "r",
        'Ș' | 'Ş' | 'ș' | 'ş' | 'š' | 'ś' => "s",
        'ß' => "ss",
        'ț' | 'ť' => "t",
        'Þ' | 'þ' => "th",
        'ú' | 'ü' | 'ū' | 'ů' => "u",
        'ý' => "y",
        'Ž' | 'ž' | 'ź' | 'ż' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{DUTCH_LAST, FIRST, LAST, PREFIX, address};

    #[test]
    fn every_name_has_a_plain_address() {
        for name in [FIRST, PREFIX, DUTCH_LAST, LAST].concat() {
            let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
            let plain = address(name);
            let kept = plain.chars().filter(char::is_ascii_alphanumeric).count();
            assert!(kept >= letters, "{name} became {plain}");
        }
        assert_eq!(address("Noëlle van 't Hout"), "noelle.van.t.hout");
    }
}
