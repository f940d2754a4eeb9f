"""Signing in through a browser: IAM Identity Center (`sso login`, `configure sso`) and the console (`login`)."""
