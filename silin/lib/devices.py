"""What a browser says it is, in two words; and where a visitor roughly is."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Lark", "飞书"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("UCBrowser", "UC"),
    ("MQQBrowser", "QQ"),
    ("QQBrowser", "QQ"),
    ("QIHU", "360"),
    ("360SE", "360"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows NT 6.1", "Windows 7"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
PREFIXES = {4: 24, 6: 48}


def device_words(user_agent: str) -> str:
    """``Chrome · Android``; empty for a program that does not say what it is."""
    found = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return " · ".join(word for word in found if word)


def short_network(address: str) -> str:
    """The network of an address, the last part left out: ``203.0.113.0/24``; empty when it is none."""
    try:
        version = ip_address(address).version
        return str(ip_network(f"{address}/{PREFIXES[version]}", strict=False))
    except ValueError:
        return ""


def _first(words: tuple[tuple[str, str], ...], text: str) -> str:
    return next((shown for sign, shown in words if sign in text), "")
