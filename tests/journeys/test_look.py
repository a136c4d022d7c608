from tests.journeys.test_docs import *
from tests.journeys.conftest import *
from time import perf_counter
import random, asyncio
from mimo_tui.tui.doc_spots import Spot
from mimo_tui.services.docs import reading
def big():
    site=shipped()
    rnd=random.Random(1)
    from mimo_tui.simulator.site.contents import Site
    for (loc,path),pg in list(site.pages.items()):
        if loc=="en-US":
            text=pg.text
            extra=[]
            words=[w for w in text.split() if w.isalpha()]
            body=text.replace("Update Time","Updated")
            for i in range(6):
                extra.append(f"\n\n## Part {i}\n\n"+" ".join(rnd.choice(words or ['x'])+str(rnd.randint(0,99)) for _ in range(400))+"\n\n"+body.replace("# ","## ",1))
            site=site.replace(path,text+"".join(extra))
    return site
async def test_look(open_app, platform):
    platform.site=big()
    async with open_app(size=(120, 40)) as walker:
        t=perf_counter()
        await docs_fetched(walker)
        print("fetch", perf_counter()-t, walker.toasts)
        s=screen(walker)
        q=[]
        for words in ("c","cl","clu","clust","cluster","token plan","n","rea","reasoning"):
            t=perf_counter(); reading.search(s.services, words); q.append((words,round((perf_counter()-t)*1000,1)))
        print("search alone ms", q)
        await walker.press("slash")
        await walker.pilot.pause(0.5)
        done=[]; put=[]
        orig=s._show_hits
        def sh(found, empty):
            put.append(perf_counter())
            orig(found, empty)
            s.beside.hits.call_after_refresh(lambda: done.append(perf_counter()))
        s._show_hits=sh
        times=[]
        from textual import events
        for word in ("cluster","token plan","n","reasoning","voice"):
            for ch in word:
                done.clear(); put.clear(); t=perf_counter()
                walker.app.post_message(events.Key("space" if ch==" " else ch, ch))
                while not done: await asyncio.sleep(0.0005)
                times.append((round((done[0]-t)*1000,1), round((put[0]-t)*1000,1), ch, len(s._found)))
            s.search_input.value=""
            await walker.pilot.pause(0.1)
        print(times)
        times.sort(); print("key to hits ms: median", times[len(times)//2], "p95", times[int(len(times)*.95)], "max", times[-1], len(times))
