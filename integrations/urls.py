from django.urls import path

from integrations import views

app_name = "integrations"
urlpatterns = [path("launch/<str:token>/", views.launch, name="launch")]
