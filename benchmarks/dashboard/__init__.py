"""How long pages and widgets take beside a bare Streamlit page of the same size."""
