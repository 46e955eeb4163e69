//! The handbook. A planner begins with [`planners`], an analyst with [`methods`], a programmer with [`architecture`].

#![allow(clippy::doc_markdown, reason = "pages of prose, not of code")]

pub mod planners {
    #![doc = include_str!("planners.md")]
}

pub mod scenarios {
    #![doc = include_str!("scenarios.md")]
}

pub mod methods {
    #![doc = include_str!("methods.md")]
}

pub mod features {
    #![doc = include_str!("features.md")]
}

pub mod validation {
    #![doc = include_str!("validation.md")]
}

pub mod zeku {
    #![doc = include_str!("zeku.md")]
}

pub mod architecture {
    #![doc = include_str!("architecture.md")]
}

pub mod decisions {
    #![doc = include_str!("decisions.md")]
}

pub mod glossary {
    #![doc = include_str!("glossary.md")]
}

pub mod changelog {
    #![doc = include_str!("changelog.md")]
}
