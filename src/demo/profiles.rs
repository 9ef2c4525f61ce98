//! Names of made-up profiles: what people do and what they care for.

const ROLES: [&str; 60] = [
    "Developer",
    "Gardener",
    "Teacher",
    "Cyclist",
    "Chess Player",
    "Translator",
    "Baker",
    "Photographer",
    "Beekeeper",
    "Nurse",
    "Jazz Pianist",
    "Architect",
    "Volunteer Firefighter",
    "Bird Watcher",
    "Carpenter",
    "Marathon Runner",
    "Accountant",
    "Potter",
    "Astronomer",
    "Bookbinder",
    "Climber",
    "Data Analyst",
    "Choir Singer",
    "Electrician",
    "Poet",
    "Sailor",
    "Mathematician",
    "Tea Drinker",
    "Librarian",
    "Designer",
    "Coffee Roaster",
    "Historian",
    "Swimmer",
    "Model Railway Builder",
    "Farmer",
    "Violin Maker",
    "Pharmacist",
    "Board Gamer",
    "Cartographer",
    "Stonemason",
    "Puppeteer",
    "Welder",
    "Tango Dancer",
    "Geologist",
    "Tailor",
    "Sourdough Enthusiast",
    "Judge",
    "Radio Amateur",
    "Mountain Guide",
    "Editor",
    "Clockmaker",
    "Surfer",
    "Veterinarian",
    "Mushroom Collector",
    "Bus Driver",
    "Illustrator",
    "Optician",
    "Kite Flyer",
    "Midwife",
    "Cheese Maker",
];

const MANNERS: [&str; 11] = [
    "Senior",
    "Aspiring",
    "Freelance",
    "Retired",
    "Weekend",
    "Travelling",
    "Part-time",
    "Self-taught",
    "Nocturnal",
    "Reluctant",
    "Award-winning",
];

/// The name of the profile of that number, from 0. No two numbers have the same name.
pub fn name(number: usize) -> String {
    let (role, round) = (ROLES[number % ROLES.len()], number / ROLES.len());
    let Some(round) = round.checked_sub(1) else { return role.to_owned() };
    let (manner, round) = (MANNERS[round % MANNERS.len()], round / MANNERS.len());
    match round {
        0 => format!("{manner} {role}"),
        _ => format!("{manner} {role}, group {}", round + 1),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_profiles_have_the_same_name() {
        let names: HashSet<String> = (0..5_000).map(name).collect();
        assert_eq!(names.len(), 5_000);
        assert_eq!(
            [name(0), name(60), name(720)],
            ["Developer", "Senior Developer", "Senior Developer, group 2"]
        );
    }
}
