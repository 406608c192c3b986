"""`teller doctor` on the cross-encoder: which one it is, whether it is built and was calibrated, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from assistant import decision
from assistant.settings import Settings
from knowledge_base.cross_encoders import bundled
from knowledge_base.onnx_session import ONNX_FILE
from ui.doctor import Finding, examine


def examined(model: str, models: Path) -> Finding:
    settings = Settings(cross_encoder=model, models_dir=models)
    (found,) = [finding for finding in examine(settings) if finding.what == "cross-encoder"]
    return found


def build(models: Path) -> None:
    """As far as the doctor looks."""
    file = models / bundled.name() / ONNX_FILE
    file.parent.mkdir(parents=True)
    file.touch()


@pytest.fixture
def calibrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"answerable": [0.0, 1.0], "unanswerable": [-1.0, 0.0]}
    made = {
        "intercept": 0.0,
        "score": 1.0,
        "support": 1.0,
        "question": 0.0,
        "search": 0.0,
        "saturated": 9.0,
        "bases": {"a": one},
    }
    file = tmp_path / "decision.yaml"
    file.write_text(yaml.safe_dump({bundled.name(): made}), encoding="utf-8")
    monkeypatch.setattr(decision, "_FILE", file)


@pytest.fixture
def uncalibrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "decision.yaml"
    file.write_text("{}\n", encoding="utf-8")
    monkeypatch.setattr(decision, "_FILE", file)


def test_none_is_well(tmp_path: Path) -> None:
    found = examined("none", tmp_path)
    assert found.ok and found.state.startswith("none") and not found.remedy


@pytest.mark.usefixtures("calibrated")
def test_the_bundled_one_is_well_where_it_is_built_and_calibrated(tmp_path: Path) -> None:
    found = examined("bundled", tmp_path / "models")
    assert not found.ok and "not built yet, calibrated" in found.state
    assert found.remedy and "next start" in found.remedy
    build(tmp_path / "models")
    found = examined("bundled", tmp_path / "models")
    assert found.ok and found.state == f"{bundled.name()}, built, calibrated" and not found.remedy


@pytest.mark.usefixtures("uncalibrated")
def test_one_that_was_not_calibrated_is_told_to_be_of_no_use(tmp_path: Path) -> None:
    build(tmp_path / "models")
    found = examined("bundled", tmp_path / "models")
    assert not found.ok and "not calibrated" in found.state
    assert found.remedy and "TELLER_CROSS_ENCODER" in found.remedy


def test_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = examined(str(tmp_path / "no such folder"), tmp_path)
    assert not found.ok and "no such folder" in found.state
    assert found.remedy and "TELLER_CROSS_ENCODER" in found.remedy


def test_an_adapter_that_was_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "judge"
    shutil.copytree(bundled.ADAPTER, copy)
    (copy / "adapter_model.safetensors").unlink()
    monkeypatch.setattr(bundled, "ADAPTER", copy)
    found = examined("bundled", tmp_path)
    assert not found.ok and "adapter_model.safetensors is missing" in found.state
