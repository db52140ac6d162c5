"""Six ways in which AI makes the easy numbers better and the business no better, as exports with a known truth.

Content at scale: more assets, cheaper, and sales use fewer of them. Lead handling: answers within minutes, and fewer
leads close. Personalisation: more opens and clicks, and the pieces no longer pass the brand review. Bidding: cheaper
clicks, and a qualified lead costs more. Outbound: three times as many e-mails, and fewer meetings. Support chat:
answers within seconds, and fewer customers renew. In each the workflow is changed on a known day, and what enters from
then on does as well as before the deployment.

`Story.write(folder, until)` gives the exports as they would have been drawn at the end of that day: nothing later.
"""

from leadline.data.samples.stories.bidding import BIDDING
from leadline.data.samples.stories.content_at_scale import CONTENT_AT_SCALE
from leadline.data.samples.stories.lead_handling import LEAD_HANDLING
from leadline.data.samples.stories.outbound import OUTBOUND
from leadline.data.samples.stories.personalisation import PERSONALISATION
from leadline.data.samples.stories.story import START, WEEKS, Story
from leadline.data.samples.stories.support_chat import SUPPORT_CHAT

STORIES = (CONTENT_AT_SCALE, LEAD_HANDLING, PERSONALISATION, BIDDING, OUTBOUND, SUPPORT_CHAT)

__all__ = [
    "BIDDING",
    "CONTENT_AT_SCALE",
    "LEAD_HANDLING",
    "OUTBOUND",
    "PERSONALISATION",
    "START",
    "STORIES",
    "SUPPORT_CHAT",
    "WEEKS",
    "Story",
]
