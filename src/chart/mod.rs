//! Charts as SVG and PNG, in any language, on machines without fonts.
