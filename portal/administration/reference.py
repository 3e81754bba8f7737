"""Reference data in Django's admin (unfold theme), open to administrators only. No case is ever edited here.

The one room that touches models: an admin is a table editor by nature, and these tables hold no case.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from cases.models import Absence, Alias, City, Department, Hall, Holding, Matter, Obstacle, Post
from portal.accounts.models import User
from portal.opening.state import forget


class AliasInline(TabularInline):
    """Aliases of a department."""

    model = Alias
    extra = 0


class HoldingInline(TabularInline):
    """Who holds a post."""

    model = Holding
    extra = 0
    autocomplete_fields = ("user",)


class FirstPasswordForm(AdminPasswordChangeForm):
    """A password that an administrator sets is a first password: its owner must change it."""

    def save(self, commit: bool = True) -> User:
        """Save it with the mark."""
        self.user.must_change_password = True
        return super().save(commit)


@admin.register(City)
class CityAdmin(ModelAdmin):
    """城市: the name on every page. Numbers that were given stay as they are."""

    list_display = ("name", "short_name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the first-run page makes the city."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: City | None = None) -> bool:
        """A city stays."""
        return False

    def save_model(self, request: HttpRequest, obj: City, form: ModelForm, change: bool) -> None:
        """Save, and show the new name from now on; other processes of the web server show it when they start again."""
        super().save_model(request, obj, form, change)
        forget()


@admin.register(Department)
class DepartmentAdmin(ModelAdmin):
    """部门."""

    list_display = ("code", "name", "level", "parent", "has_account", "is_active")
    list_filter = ("level", "has_account", "is_active")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "aliases__name")
    autocomplete_fields = ("parent", "territory")
    inlines = (AliasInline,)
    ordering = ("code",)


@admin.register(Hall)
class HallAdmin(ModelAdmin):
    """大厅."""

    list_display = ("code", "name", "level", "phone", "is_active")
    search_fields = ("code", "name")
    ordering = ("code",)


@admin.register(Matter)
class MatterAdmin(ModelAdmin):
    """事项."""

    list_display = ("code", "name", "department", "is_active")
    list_select_related = ("department",)
    search_fields = ("code", "name", "initials")
    autocomplete_fields = ("department",)
    ordering = ("code",)


@admin.register(Obstacle)
class ObstacleAdmin(ModelAdmin):
    """阻碍类型."""

    list_display = ("order", "name", "citizen_text", "is_active")
    ordering = ("order",)


@admin.register(Post)
class PostAdmin(ModelAdmin):
    """岗位."""

    list_display = ("title", "role", "hall", "department", "is_active")
    list_filter = ("role", "is_active")
    list_select_related = ("hall", "department")
    search_fields = ("title", "hall__name", "department__name")
    autocomplete_fields = ("hall", "department")
    inlines = (HoldingInline,)
    ordering = ("id",)


@admin.register(Absence)
class AbsenceAdmin(ModelAdmin):
    """不在岗."""

    list_display = ("user", "from_on", "until_on", "reason")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    date_hierarchy = "from_on"
    ordering = ("-from_on", "id")


@admin.register(get_user_model())
class PersonAdmin(UserAdmin, ModelAdmin):
    """人员."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = FirstPasswordForm
    list_display = ("username", "name", "is_active", "is_staff", "last_login")
    search_fields = ("username", "name")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "email")}),
        ("状态", {"fields": ("is_active", "must_change_password", "is_staff", "is_superuser", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "name", "password1", "password2")}),
    )
    filter_horizontal = ()

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """A new account begins with a first password."""
        obj.must_change_password = obj.must_change_password or not change
        super().save_model(request, obj, form, change)


# Nobody edits these by hand: roles come from posts, second factors and sessions belong to their owners.
for _model in (Group, EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
