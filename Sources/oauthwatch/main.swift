print("oauthwatch")
