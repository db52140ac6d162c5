"""Results → pictures: Plotly figures, PNG, HTML and slides. Pure functions of a result."""
