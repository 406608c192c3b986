"""What is built once, so that the first start need not wait: the bundled models, and the model of the tasks' examples."""

from __future__ import annotations

from assistant import bootstrap
from assistant.settings import load


def main() -> None:
    """Builds what is missing for the settings in force."""
    bootstrap.go_offline()
    settings = load()
    classifier = bootstrap.build_classifier(
        settings, bootstrap.build_embedder(settings), bootstrap.build_flows(settings)
    )
    classifier.ready()
    bootstrap.build_cross_encoder(settings)


if __name__ == "__main__":
    main()
