from tests.journeys.conftest import demo, open_app, Open
from tests.journeys.stages import *
async def test_x(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await keys_filtering(walker)
        for i in range(3):
            print("focus", walker.app.focused, walker.app._held, walker.app._is_holding, walker.app.screen._is_settled)
            await walker.press("escape")
        print("focus", walker.app.focused, walker.app._held, walker.app._is_holding)
        await walker.press("1")
        await walker.on("PresetsScreen")
