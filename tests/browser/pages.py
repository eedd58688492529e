"""Every page that is visited in a browser: its address, and the role that opens it ("" for nobody).

Extend PAGES with a new page; `fill.py` makes what it shows.
"""

from dataclasses import dataclass

PASSWORD = "a quiet brass weight"


@dataclass(frozen=True)
class Visit:
    path: str
    role: str = "leader"
    status: int = 200

    def __str__(self) -> str:
        return f"{self.role or 'nobody'} {self.path}"


PAGES = [
    Visit("/accounts/login/", role=""),
    Visit("/no/such/page/", role="", status=404),
    Visit("/kit/"),
    Visit("/no/such/page/", status=404),
    Visit("/settings/"),
    Visit("/settings/users/", role="administrator"),
    Visit("/settings/users/new/", role="administrator"),
    Visit("/settings/users/user-member/", role="administrator"),
    Visit("/accounts/2fa/"),
    Visit("/accounts/2fa/activate/"),
    Visit("/accounts/password/"),
    Visit("/accounts/logout/"),
    Visit("/accounts/invitation/user-member/void/", role="", status=410),
    Visit("/people/"),
    Visit("/people/", role="compensation"),
    Visit("/people/?q=nobody-by-that-name"),
    Visit("/people/", role="member"),
    Visit("/people/new/", role="compensation"),
    Visit("/people/teams/"),
    Visit("/people/teams/", role="finance"),
    Visit("/people/teams/team-east/", role="member"),
    Visit("/people/teams/team-west/", role="compensation"),
    Visit("/people/teams/team-east/change/", role="compensation"),
    Visit("/people/person-lin/", role="compensation"),
    Visit("/people/person-lin/", role="member"),
    Visit("/people/person-lin/move/", role="compensation"),
    Visit("/measure/"),
    Visit("/measure/?unit=team:east&period=2025-11", role="manager"),
    Visit("/measure/?unit=company", role="member", status=404),
    Visit("/measure/", role="administrator", status=404),
    Visit("/measure/teams/"),
    Visit("/measure/teams/?sort=won_revenue&period=2025", role="manager"),
    Visit("/measure/wall/"),
    Visit("/measure/wall/?unit=team:east", role="member"),
    Visit("/measure/readiness/"),
    Visit("/measure/readiness/", role="analyst"),
    Visit("/measure/months/"),
    Visit("/measure/months/evaluation-kept/"),
    Visit("/measure/months/", role="analyst"),
    Visit("/measure/weights/"),
    Visit("/measure/weights/sales-team/", role="analyst"),
    Visit("/measure/weights/new/"),
    Visit("/measure/weights/", role="manager", status=404),
    Visit("/", role="member"),
    Visit("/measure/win_rate/"),
    Visit("/measure/catalogue/"),
    Visit("/measure/catalogue/?q=win", role="member"),
    Visit("/measure/catalogue/?q=nothing-by-that-name"),
    Visit("/measure/catalogue/win_rate/", role="member"),
    Visit("/measure/catalogue/big_wins/", role="analyst"),
    Visit("/measure/catalogue/new/", role="analyst"),
    Visit("/measure/catalogue/big_wins/change/", role="analyst"),
    Visit("/measure/catalogue/new/", status=404),
    Visit("/measure/won_revenue/?by=region"),
    Visit("/measure/leads/"),
    Visit("/measure/won_revenue/records/"),
    Visit("/measure/won_revenue/records/", role="member"),
    Visit("/measure/targets/?kpi=won_revenue&year=2025&grain=month"),
    Visit("/diagnose/"),
    Visit("/diagnose/", role="manager"),
    Visit("/diagnose/", role="member", status=404),
    Visit("/diagnose/new?kpi=win_rate&period=2025-Q4&against=year-ago&where.region=East"),
    Visit("/diagnose/diagnosis-target/"),
    Visit("/diagnose/diagnosis-year-ago/"),
    Visit("/diagnose/diagnosis-rate/"),
    Visit("/diagnose/diagnosis-first/"),
    Visit("/diagnose/diagnosis-year-ago/compare?with=diagnosis-earlier"),
    Visit("/comments/"),
    Visit("/comments/on/diagnosis/diagnosis-target/"),
    Visit("/data/", role="analyst"),
    Visit("/data/", role="member"),
    Visit("/data/import/", role="analyst"),
    Visit("/data/import/", role="leader", status=404),
    Visit("/data/import/import-found/files/", role="analyst"),
    Visit("/data/import/import-found/columns/", role="analyst"),
    Visit("/data/import/import-found/mapping/", role="analyst"),
    Visit("/data/import/import-checked/result/", role="analyst"),
    Visit("/data/import/import-done/result/", role="analyst"),
    Visit("/data/import/import-done/undo/", role="analyst"),
    Visit("/data/sources/", role="analyst"),
    Visit("/data/sources/idea box/", role="analyst"),
    Visit("/data/quality/", role="analyst"),
    Visit("/data/quality/"),
    Visit("/data/quality/", role="member", status=404),
    Visit("/data/quality/?source=idea+box", role="analyst"),
    Visit("/data/quality/finding-orphan/", role="analyst"),
    Visit("/data/names/", role="analyst"),
    Visit("/data/names/", role="compensation"),
    Visit("/data/names/by-column/?source=CRM&text=王伟&column=region", role="analyst"),
    Visit("/jobs/job-running/?next=/data/", role="analyst"),
    Visit("/jobs/job-refused/", role="analyst"),
    Visit("/jobs/job-refused/", role="leader", status=404),
]
