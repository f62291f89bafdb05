"""A company that does not exist, learning: statements, an HR feed, and the truth about both.

Pure and seeded: the same arguments give the same bytes, and no clock is read. Everybody in it is invented.
"""

from readystream.dev.generator.delivery import Delivery, Statement
from readystream.dev.generator.simulation import Simulation, generate
from readystream.dev.generator.truth import GroundTruth, PersonTruth

__all__ = ["Delivery", "GroundTruth", "PersonTruth", "Simulation", "Statement", "generate"]
