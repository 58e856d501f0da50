"""Extensions, created here and bound to the application in ``create_app``."""

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from matching.i18n import Languages

login = LoginManager()
csrf = CSRFProtect()
babel = Languages()
migrate = Migrate()
