// Marks the browse page if its URL has a query: the style sheet hides the published results, which are those
// of the empty query, until those of the query are displayed.
if (location.search.length > 1) document.documentElement.dataset.query = "";
