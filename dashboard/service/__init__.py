"""What a workspace can be asked, wherever it is open. Knows no Streamlit page and no terminal."""
