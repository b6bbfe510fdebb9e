"""LMArena's leaderboard of text models, as published on Hugging Face: its first hundred, by ratings of users."""

import datetime as dt
import json
from collections.abc import Iterator

from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Layout,
    Row,
    Settings,
    UpstreamError,
)


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the ratings of ``settings["category"]``, with the board that they stand on."""
    found = json.loads(data)
    if found.get("partial"):
        raise UpstreamError("layout", "the answer is only a part of the rows")
    for row in (entry["row"] for entry in found["rows"]):
        if row["category"] == settings["category"]:
            day = dt.date.fromisoformat(row["leaderboard_publish_date"])
            about = {
                "model": row["model_name"],
                "rating": round(float(row["rating"]), 1),
                "day": day,
            }
            board = f"text {settings['category']}, leaderboard of {day}"
            yield {**about, "board": board, "votes": row["vote_count"]}


CONNECTOR = Connector(
    id="lmarena",
    title="Leaderboard of text models",
    publisher="LMArena",
    url="https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset",
    licence="CC BY 4.0",
    rhythm=30,
    transport=Address(
        "https://datasets-server.huggingface.co/rows?dataset=lmarena-ai/leaderboard-dataset"
        "&config=text&split=latest&offset=0&length=100",
        ("application/json",),
    ),
    layout=Layout(
        columns=("model", "rating", "day", "board", "votes"),
        key=("model",),
        least=50,
        bounds={"rating": (700, 2200)},
    ),
    extract=extract,
)
