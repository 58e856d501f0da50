"""Extensions, created here and bound to the application in ``create_app``."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from matching.i18n import Languages

login = LoginManager()
csrf = CSRFProtect()
babel = Languages()
migrate = Migrate()
limiter = Limiter(get_remote_address, storage_uri="memory://")
