// Marks the browse page if its URL has a query: the style sheet hides the published results, which are those
// of the empty query, until the viewer displays the results of the query.
if (location.search.length > 1) document.documentElement.dataset.query = "";
