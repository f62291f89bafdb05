"""Any bytes into everything that reads bytes from outside: no crash, no answer but a refusal or a value."""
