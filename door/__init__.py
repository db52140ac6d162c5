"""Leadline: is your AI making marketing better, or only faster?"""
