"""Identity from an HR system: feeds, events, aliases, and the links that follow from them."""
