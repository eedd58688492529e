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
]
