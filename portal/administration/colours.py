"""The one blue for action (static/css/tokens.css) in the shades that the admin theme asks for."""

BLUE = {
    "50": "#E8F1FC",
    "100": "#D2E3F8",
    "200": "#A6C8F1",
    "300": "#79ACEA",
    "400": "#3F86DC",
    "500": "#0B57B8",
    "600": "#0B57B8",
    "700": "#08438F",
    "800": "#063370",
    "900": "#052857",
    "950": "#031A3A",
}
