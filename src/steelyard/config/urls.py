"""Where everything is mounted. Each route declares its policy: by `door`, or in the policy's ROUTES."""

from django.urls import include, path

from steelyard.apps.measure.views import home
from steelyard.apps.process.views.room import improve
from steelyard.web import views as web

urlpatterns = [
    path("", home, name="home"),
    path("style/<str:digest>.css", web.stylesheet, name="stylesheet"),
    path("kit/", web.kit, name="kit"),
    path("", include("steelyard.apps.accounts.urls")),
    path("people/", include("steelyard.apps.people.urls")),
    path("jobs/", include("steelyard.apps.jobs.urls")),
    path("comments/", include("steelyard.apps.comments.urls")),
    path("data/", include("steelyard.apps.data.urls")),
    path("measure/", include("steelyard.apps.measure.urls")),
    path("diagnose/<str:public_id>/causes/", include("steelyard.apps.causes.urls")),
    path("diagnose/", include("steelyard.apps.diagnose.urls")),
    path("aim/", include("steelyard.apps.goals.urls")),
    path("improve/", improve, name="improve"),
    path("improve/process/", include("steelyard.apps.process.urls")),
]

handler400 = "steelyard.web.views.bad_request"
handler403 = "steelyard.web.views.not_found"
handler404 = "steelyard.web.views.not_found"
handler500 = "steelyard.web.views.server_error"
