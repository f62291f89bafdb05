"""What there is to learn in the simulated company: the same activities that `config/skill-map.yaml` maps.

Titles are written by hand; IRIs follow from them: `https://learn.example.com/<kind>/<slug>`.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

BASE = "https://learn.example.com"

_TYPES = {
    "cmi5": "http://adlnet.gov/expapi/activities/lesson",
    "scorm": "http://adlnet.gov/expapi/activities/lesson",
    "video": "https://w3id.org/xapi/video/activity-type/video",
    "quiz": "http://adlnet.gov/expapi/activities/assessment",
    "workshops": "http://adlnet.gov/expapi/activities/meeting",
    "library": "http://activitystrea.ms/schema/1.0/article",
    "practice": "http://adlnet.gov/expapi/activities/performance",
    "certificates": "https://www.opigno.org/en/tincan_registry/activity_type/certificate",
    "courses": "http://adlnet.gov/expapi/activities/course",
}


def slug(title: str) -> str:
    """`Joins and subqueries` becomes `joins-and-subqueries`."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


@dataclass(frozen=True)
class Activity:
    """Something to learn with: what kind, which skill it is about, its title."""

    kind: str
    skill: str
    title: str

    @cached_property
    def iri(self) -> str:
        """The activity id in statements."""
        folder = f"{self.kind}/{self.skill}" if self.kind == "video" else self.kind
        return f"{BASE}/{folder}/{slug(self.title)}"

    @cached_property
    def target(self) -> dict[str, Any]:
        """The statement's object."""
        definition = {"name": {"en-US": self.title}, "type": _TYPES[self.kind]}
        return {"objectType": "Activity", "id": self.iri, "definition": definition}


@dataclass(frozen=True)
class Subject:
    """A skill and everything that teaches or proves it."""

    skill: str
    name: str
    cmi5: tuple[str, ...]
    scorm: tuple[str, ...]
    video: tuple[str, ...]
    quiz: tuple[str, ...]
    workshops: tuple[str, ...]
    library: tuple[str, ...]

    @cached_property
    def activities(self) -> tuple[Activity, ...]:
        """Everything a learner can start in this subject, in the order of the curriculum."""
        kinds = ("library", "video", "cmi5", "quiz", "scorm", "workshops")
        listed = [Activity(kind, self.skill, title) for kind in kinds for title in getattr(self, kind)]
        return (*listed, Activity("practice", self.skill, f"{self.name} on the job"))

    @cached_property
    def course(self) -> Activity:
        """The course in the LMS that the lessons belong to."""
        return Activity("courses", self.skill, self.name)

    @cached_property
    def certificate(self) -> Activity:
        """What is awarded to those who passed enough of it."""
        return Activity("certificates", self.skill, f"{self.name} certificate")


SUBJECTS = (
    Subject(
        "sql",
        "SQL",
        cmi5=("SQL basics", "Joins and subqueries"),
        scorm=("Window functions",),
        video=("How a query plan reads", "Indexes in ten minutes", "Grouping without surprises"),
        quiz=("SQL joins check", "Aggregation check"),
        workshops=("Query clinic",),
        library=("Style guide for SQL", "NULL and three-valued logic"),
    ),
    Subject(
        "data-analysis",
        "Data analysis",
        cmi5=("From question to dataset", "Sampling and bias"),
        scorm=("Cohorts and funnels",),
        video=("Reading a distribution", "Correlation is not enough", "A/B tests end to end"),
        quiz=("Statistics check", "Experiment design check"),
        workshops=("Bring your own data",),
        library=("Metrics handbook", "Common traps in dashboards"),
    ),
    Subject(
        "data-storytelling",
        "Data storytelling",
        cmi5=("Dashboards that answer a question", "Choosing the right chart"),
        scorm=("Writing with numbers",),
        video=("Colour with care", "Annotating a time series"),
        quiz=("Chart choice check", "Reading charts check"),
        workshops=("Chart makeover",),
        library=("House style for charts",),
    ),
    Subject(
        "people-leadership",
        "People leadership",
        cmi5=("First 90 days as a lead", "Setting goals together"),
        scorm=("Delegating well",),
        video=("One-to-ones that matter", "Difficult conversations", "Hiring without bias"),
        quiz=("Leadership situations", "Fair feedback check"),
        workshops=("Coaching circle",),
        library=("Leave and absence rules", "Writing a review"),
    ),
    Subject(
        "communication",
        "Communication",
        cmi5=("Writing for busy people", "Meetings with a purpose"),
        scorm=("Listening and asking",),
        video=("Say it in one slide", "Remote but not distant"),
        quiz=("Plain language check", "Giving feedback check"),
        workshops=("Presentation lab",),
        library=("Tone of voice",),
    ),
    Subject(
        "secure-coding",
        "Secure coding",
        cmi5=("Injection and how to end it", "Authentication done right"),
        scorm=("Handling secrets",),
        video=("Threat modelling on a whiteboard", "Dependency hygiene", "Reading an advisory"),
        quiz=("Secure coding check", "Threat modelling check"),
        workshops=("Capture the flag evening",),
        library=("Review checklist", "Security policy"),
    ),
    Subject(
        "incident-response",
        "Incident response",
        cmi5=("The first thirty minutes", "Postmortems without blame"),
        scorm=("Phishing drill",),
        video=("On call and well rested", "Following the logs"),
        quiz=("Incident roles check", "Triage check"),
        workshops=("Game day",),
        library=("Runbook template",),
    ),
    Subject(
        "web-frontend",
        "Web front end",
        cmi5=("Accessible by default", "State and rendering"),
        scorm=("Forms people can finish",),
        video=("Layout with grid", "Measuring performance", "Testing what users see"),
        quiz=("Accessibility check", "Rendering check"),
        workshops=("Design system hour",),
        library=("Component guidelines", "Browser support policy"),
    ),
    Subject(
        "customer-care",
        "Customer care",
        cmi5=("Understanding the request", "Saying no kindly"),
        scorm=("Handover without loss",),
        video=("Calm in a storm", "Reading between the lines"),
        quiz=("Ticket triage check", "Empathy check"),
        workshops=("Shadowing day",),
        library=("Service levels",),
    ),
)

BY_SKILL = {subject.skill: subject for subject in SUBJECTS}

TRACKS: dict[str, tuple[str, ...]] = {
    "data-analyst": ("sql", "data-analysis", "data-storytelling"),
    "team-lead": ("people-leadership", "communication", "data-storytelling"),
    "security-champion": ("secure-coding", "incident-response", "communication"),
    "frontend-developer": ("web-frontend", "secure-coding", "communication"),
    "customer-success": ("customer-care", "communication", "data-analysis"),
}
"""Role (as in `config/role-profiles.yaml`) → the skills that somebody aiming for it learns, in order."""
