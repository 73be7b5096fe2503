"""The hall: settings, URLs and the pages that put the apps together."""
