"""English words that the check knows, by what they do in a goal."""

from steelyard.engine.smart.lexicon import words

# Each entry is a regular expression of alternatives, lower-case; sets hold whole words.
NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|forty|"
    "sixty|ninety|hundred"
)
MONTHS = (
    "january|february|march|april|june|july|august|september|october|november|december|jan|feb|mar|apr|"
    "jun|jul|aug|sept|sep|oct|nov|dec"
)
# Feasts and events with a day that people know, after “before” or “by”.
FEASTS = (
    "(?:[a-z]+ ){0,3}(?:fair|trade show|show|expo|exhibition|conference|summit|congress|season|kick-?off|"
    "holidays?(?: weekend)?|festival|marathon|half-term|break|agm|board meeting|general meeting|audit|"
    "sales meeting)|(?:st\\.? )?[a-z]+'s day|(?:first )?(?:frosts?|snow|harvest|monsoon|rains|sowing|"
    "lambing)|(?:labou?r|"
    "boxing|memorial|independence|prime|cyber) (?:day|"
    "week)|christmas|xmas|easter|thanksgiving|black friday|cyber monday|new year(?:'s)?(?: eve)?|"
    r"chinese new year|spring festival|lunar new year|singles'? day|double (?:11|eleven)|11\.11|ramadan|"
    "diwali|golden week|national day|halloween|mid-autumn festival|canton fair|hannover messe|ces|summer|"
    "winter|spring|autumn|fall"
)
# Times that never come.
VAGUE_TIMES = (
    r"\bas soon as (?:possible|practicable|we can)",
    r"\basap\b",
    r"\bsoon(?:er)?\b",
    (
        r"\b(?:in|over|during|within) the (?:near|coming|foreseeable|next few|next couple of)(?: future|"
        " weeks| months| years)?"
    ),
    r"\b(?:in the )?(?:long|short|medium)[ -](?:term|run)\b",
    r"\bin (?:the )?future\b",
    r"\beventually\b",
    r"\bongoing\b",
    r"\bcontinu(?:ous|al|ally|ously)\b",
    r"\bat (?:some point|the earliest)",
    r"\bin due (?:course|time)",
    r"\bwhen(?:ever)? (?:possible|time allows|we can)",
    r"\bover time\b",
    r"\bone day\b",
    r"\bquickly\b",
)
# What a figure is told of, by its last word: “win rate” and “reply rate” both end in one.
KPI_HEADS = (
    "rates?|ratios?|shares?|revenue|revenues|sales|turnover|bookings|billings|costs?|spend|spending|"
    "budget|margins?|profits?|leads?|mqls?|sqls?|sals?|opportunit(?:y|ies)|pipeline|coverage|traffic|"
    "visits?|visitors?|sessions?|clicks?|impressions?|reach|followers?|subscribers?|registrations?|"
    "sign-?ups?|downloads?|conversions?|scores?|nps|e?nps|csat|ces|roi|roas|romi|roms|cpl|cpa|cpc|cpm|"
    "cac|ltv|clv|ctr|cvr|arr|mrr|acv|aov|asp|arpu|arpa|dso|gmv|satisfaction|churn|retention|attrition|"
    "renewals?|upsells?|orders?|deals?|contracts?|wins|customers?|clients?|accounts?|users?|partners?|"
    "distributors?|dealers?|stores?|units?|cycle|time|lag|days?|hours?|minutes?|complaints?|returns?|"
    "refunds?|tickets?|errors?|defects?|rework|backlog|receivables?|overdue|collections?|cash|attainment|"
    "accuracy|adoption|usage|utili[sz]ation|attendance|attendees|participants?|meetings?|demos?|calls?|"
    "appointments?|proposals?|quotes?|visits|awareness|recall|rank(?:ing)?|price|discount|size|value|"
    "frequency|engagement|interactions?|views?|open|rate|reviews?|ratings?|stars?|headcount|turnover|"
    "growth|income|fees?|volume|amount|penetration|productivity"
)
# KPIs that are better when they are less.
LESS_IS_BETTER = (
    "churn|attrition|cost|costs|cpl|cpa|cpc|cpm|cac|complaints?|returns?|refunds?|dso|overdue|"
    "receivables?|cycle|lag|backlog|errors?|defects?|rework|bounce|unsubscribe|discounts?|waiting|"
    "turnaround|late_share|lost|lead-time|speed_to_lead|settlement_days|response|response-time"
)
# Verbs of a goal: for more, for less, and to reach.
RAISING = (
    "increase[sd]?|increasing|raise[sd]?|raising|grow(?:s|n|ing)?|lift(?:s|ed|ing)?|boost(?:s|ed|ing)?|"
    "improv(?:e|es|ed|ing)|enhanc(?:e|es|ed|ing)|expand(?:s|ed|ing)?|accelerat(?:e|es|ed|ing)|"
    "gain(?:s|ed|ing)?|push(?:es|ed|ing)?|maximi[sz](?:e|es|ed|ing)|extend(?:s|ed|ing)?|bring up|"
    "drive up|driv(?:e|es|ing)|step up|scale(?: up)?|up"
)
LOWERING = (
    "reduc(?:e|es|ed|ing)|cut(?:s|ting)?|lower(?:s|ed|ing)?|decreas(?:e|es|ed|ing)|shorten(?:s|ed|ing)?|"
    "shrink(?:s|ing)?|minimi[sz](?:e|es|ed|ing)|bring(?:ing)? down|drop(?:s|ping)?|trim(?:s|ming)?|"
    "slash(?:es|ing)?|limit(?:s|ed|ing)?|cap(?:s|ped|ping)?|curb|halv(?:e|es|ed|ing)|"
    "eliminat(?:e|es|ed|ing)"
)
REACHING = (
    "reach(?:es|ed|ing)?|achiev(?:e|es|ed|ing)|attain(?:s|ed|ing)?|hit(?:s|ting)?|get(?:s|ting)?|"
    "generat(?:e|es|ed|ing)|win(?:s|ning)?|acquir(?:e|es|ed|ing)|clos(?:e|es|ed|ing)|sell(?:s|ing)?|"
    "book(?:s|ed|ing)?|secur(?:e|es|ed|ing)|deliver(?:s|ed|ing)?|collect(?:s|ed|ing)?|mak(?:e|es|ing)|"
    "keep(?:s|ing)?|hold(?:s|ing)?|maintain(?:s|ed|ing)?|stay(?:s|ing)?|earn(?:s|ed|ing)?|"
    "creat(?:e|es|ed|ing)|produc(?:e|es|ed|ing)|add(?:s|ed|ing)?|sign(?:s|ed|ing)?|publish(?:es|ed|ing)?|"
    "host(?:s|ed|ing)?|run(?:s|ning)?|complet(?:e|es|ed|ing)|conduct(?:s|ed|ing)?|launch(?:es|ed|ing)?|"
    "hir(?:e|es|ed|ing)|recruit(?:s|ed|ing)?|train(?:s|ed|ing)?|renew(?:s|ed|ing)?|convert(?:s|ed|ing)?|"
    "contact(?:s|ed|ing)?|call(?:s|ed|ing)?|visit(?:s|ed|ing)?|meet(?:s|ing)?|respond(?:s|ed|ing)?|"
    "answer(?:s|ed|ing)?|repl(?:y|ies|ied|ying)|bring(?:s|ing)?|restor(?:e|es|ed|ing)|"
    "recover(?:s|ed|ing)?|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|reactivat(?:e|es|ed|ing)|"
    "onboard(?:s|ed|ing)?|open(?:s|ed|ing)?|enrol(?:l|ls|led)?|attract(?:s|ed|ing)?"
)
# What names no thing that one could point at, whatever is done with it.
GENERIC = words(
    "proactive cooler digital learn excellent engaged exciting modern flexible creative open honest "
    "credibility nobody anyone someone ball together act drops drop customer-centric customer-focused "
    "data-driven innovative "
    "innovation capability capabilities agility resilience motivation happiness thought edge competitive "
    "presence "
    "bottom line mindset vision mission brand-building thinking best-practice synergy passion energy "
    "everybody's "
    "action actions activities activity additional alignment all always another any anything appropriate "
    "area areas aspect aspects attitude average awareness best better bigger bit broader business cent "
    "cheaper cleaner clearer closer collaboration communication company considerably constantly "
    "continuously cooperation culture current day days deeper department difference dramatically each "
    "earlier easier effectiveness efficiency effort efforts engagement entire every everybody everyone "
    "everything excellence excellent existing experience experiences extra faster fewer figure figures "
    "first focus friendlier further general goal goals good great greatly growth happier harder healthier "
    "higher image impact important impossible improvement improvements initiative job key knowledge kpi "
    "kpis larger leaner least less level levels lot lots lower loyalty many market massively maximum "
    "member members mindset minimum momentum month months morale more most much necessary new next nicer "
    "noticeably number numbers objective objectives old one ones operations opportunities opportunity "
    "organisation organization other overall ownership people per percent performance please possible "
    "potential practice practices presence proactivity process processes productivity professionalism "
    "progress quality quarter quarters quicker quite rapport really regular regularly relationship "
    "relationships relevant reputation result results service services several sharper shorter "
    "significantly simpler situation skill skills smarter smoother some something spirit standard "
    "standards strategic strong stronger strongly substantially success successful support synergies "
    "synergy talk target targets task tasks team teams teamwork thing things time top total tougher trust "
    "understanding value values various very visibility warmer way ways week weeks well whole wider work "
    "year years"
)
# What binds words.
STOP = words(
    "back among again away around together own same such "
    "a about above absolute across after again against aim aiming aims all also an and approx "
    "approximately april are around as at august baseline basis be become becoming been before begin "
    "beginning being below between both bps but by can come commit compared continue could december did "
    "do does down during each early either end ensure ensuring every exceed exceeding exceeds february "
    "fold for from go goal going had has have he help her here higher his how i i'll if in into is it "
    "it's its january july june just keep late least less let let's lets level lower make march may me "
    "mid might more must my need needs no nor not november objective october of off on only onto or our "
    "out over per percentage plan planning plans plus point points pp pts relative remain roughly seek "
    "september shall she should so start stay still strive striving sure target terms than that the their "
    "them there these they this those through throughout till times to too tries try trying under until "
    "up us versus via vs want wants was we we'll were what when which while who why will with within "
    "without would x yet you your"
)
# Numbers of these are the size of a team …
PEOPLE = (
    "reps?|salespeople|sales ?(?:wo)?m[ae]n|people|persons?|employees?|staff|colleagues?|sellers?|sdrs?|"
    "bdrs?|aes?|csms?|team members?|members?|heads?|headcount|fte|ftes|strong|associates|marketers?|"
    "managers?|analysts?|designers?|interns?|consultants?|agents?|hires?|person"
)
# … except with these verbs.
HIRING = (
    "hir(?:e|es|ed|ing)|recruit|train|certif|onboard|add|coach|enrol|appoint|promot|qualif|complete|"
    "graduate|pass|attend|reach|contact|interview|survey|meet|convert|move|equip|migrat|talk|speak|see |saw |"
    "visit|invite|sign|win |fill|find|bring|staff|licen[cs]|retrain|employ|welcome|call|poll|ask"
)
# Limits that deny the other way, and those that say it straight.
NOT_BELOW = (
    "(?:don't|do not|never|not) (?:let|allow) (?:[\\w'-]+ ){1,5}(?:to )?(?:drop|fall|sink|slip|go|"
    "dip) (?:below|under)|"
    "(?:no|not|never) (?:be |to be |go |going |drop |dropping |fall |falling |sink |slip |dip |come )?"
    "(?:lower|less|fewer|smaller|shorter|worse|below|under|short)(?: than| of)?|"
    "(?:doesn't|don't|does not|do not|won't|mustn't|must not|without) (?:drop|fall|sink|slip|go|dip)(?:ping|"
    "ling|ing)? (?:below|under)"
)
NOT_ABOVE = (
    "(?:don't|do not|never|not) (?:let|allow) (?:[\\w'-]+ ){1,5}(?:to )?(?:rise|climb|go|creep|grow|"
    "run) (?:above|over|past)|"
    "(?:no|not|never) (?:be |to be |go |going |take |last |cost )?(?:higher|more|greater|longer|larger|later|"
    "above|over|worse|beyond)(?: than)?|(?:not|never|doesn't|don't|won't|must not|mustn't|without)(?: to)? "
    "exceed(?:ing)?|"
    "(?:at|to) (?:the )?most|capped at|cap(?: \\w+){0,4} at|limit(?:ed)?(?: \\w+){0,4} to"
)
ABOVE = (
    "above|at least|at minimum|a minimum of|minimum|or (?:more|better|higher|above)|more than|higher than|"
    "greater than|upwards of|in excess of|exceed(?:s|ing)?|not less|over(?= [$€£]?\\d)|north of"
)
BELOW = (
    "below|under|less than|lower than|fewer than|shorter than|maximum|max|or (?:fewer|less|lower|below|under|"
    "shorter)|within(?= [$€£]?\\d)"
)
HOLDING = (
    "hold(?:s|ing)?|maintain(?:s|ed|ing)?|keep(?:s|ing)?|defend(?:s|ing)?|protect(?:s|ing)?|preserv(?:e|es|"
    "ing)|stay(?:s|ing)?|retain(?:s|ing)?|remain(?:s|ing)?"
)
# Naming a person's or a team's fault, not a goal.
BLAME = (
    (
        r"\b(?:lazy|laziness|careless(?:ness)?|incompeten(?:t|ce)|sloppy|sloppiness|useless|hopeless|"
        "clueless|slackers?|slacking|dead ?weight|underperformers?|poor performers?|weak links?|"
        r"low performers?|bad apples?|troublemakers?)\b"
    ),
    r"\b(?:blew|ruined|botched|wrecked|squandered|bungled|mishandled|let slip)\b",
    (
        r"\b(?:fault|blame|blames|blamed|to blame|guilty|scapegoat|messed up|messing up|screw(?:ed|"
        r"ing)? up|excuses?)\b"
    ),
    r"\b(?:poor|bad|negative|terrible|wrong|sloppy|awful) (?:attitude|work ethic|discipline|behaviou?r)\b",
    (
        r"\bstop(?:s|ping)? (?:making|losing|missing|wasting|ignoring|being|blaming|complaining|dropping|"
        "forgetting|failing|neglecting|slacking|the )"
    ),
    (
        r"\b(?:get|make|force|stop|fix|tell|push|pressure) (?!sure|use|it\b|"
        "the most)(?:[a-z]+(?: [a-z]+)?) (?:to )?(?:stop|quit|finally|pull (?:his|her|their)|losing|"
        "missing|wasting|dropping|ignoring|failing|do (?:his|her|their) job|"
        "from (?:losing|missing|wasting|failing|ignoring|making))"
    ),
    (
        r"\b(?:because|since|as|due to|owing to|thanks to) (?!without|[a-z' ]{0,20}\b(?:systems?|sites?|"
        r"website|"
        r"process|tools?|approvals?|machines?|scanners?|printers?|network|server|app|line|trucks?|vans?|"
        r"batteries|"
        r"parts|pumps|inspections?|forms?|contracts?|deliver(?:y|ies)|invoicing|software|crm|erp|roads?|"
        r"market|"
        r"demand|season|payments?|shipments?|suppliers?|packaging|labels?|seals?|units|quotes?|responses?)\b)"
        r"[a-z' ]{0,30}?(?:fail(?:s|ed|ing|ure)?|"
        "neglect(?:s|ed)?|doesn't care|don't care|didn't bother|"
        "keeps? (?:losing|missing|failing|forgetting|ignoring|making)|"
        "(?:is|are|was|were) (?:too )?(?:slow|weak|lazy|bad|careless|unreliable|incompetent)|"
        "can't (?:sell|do|handle)|never (?:follow|do|call|deliver))"
    ),
    r"\b[a-z]+ (?:keeps|keep|kept) (?:losing|missing|failing|forgetting|ignoring|making|dropping|wasting)",
    (
        r"\b(?:his|her|their|'s|s') (?:mistakes?|failures?|laziness|carelessness|incompetence|errors|"
        "poor [a-z]+|bad [a-z]+|lack of)"
    ),
    (
        r"\b(?:let us down|letting (?:us|the team) down|dragging (?:us|the team) down|pull(?:s|"
        "ing)? (?:his|her|their) weight)"
    ),
    (
        r"\bhold [a-z]+ (?:accountable|responsible) for\b|\bpunish|\breprimand|"
        r"\bwarn(?:ing)? (?:the|him|her|them)\b"
    ),
)
# With a name or a pronoun for whoever did it, and what is now owed.
_OWES = (
    "must|has to|have to|needs? to|had better|will have to|'ll have to|should|is to|are to|owes? us|now|will|"
    "gets? to|can now|has got to|have got to"
)
_MENDS = (
    "make (?:it |this |that )?up|make good|win back|bring back|bring in|recover|repay|pay back|get back|put "
    "(?:it |things |this )?right|answer for|catch up|fix|find|deliver|replace|compensate|clean up|close|"
    "sell|get|turn "
    "(?:it|this|things) around|retrieve|reverse|earn back|claw back|redo|make"
)
BLAME_OWED = (
    rf"\b(?:he|she|they|that (?:team|department|office|shift|group)) (?:{_OWES}) (?:finally |now |"
    rf"personally )?"
    rf"(?:{_MENDS})\b(?=[^.;]*\d)",
    r"\b(?:thanks to|because of|due to) [a-z' -]{1,30} (?:we|the \w+|our \w+) (?:\w+ )?(?:lost|missed|fell|"
    r"failed|"
    r"dropped|slipped|sank|stalled)\b",
    r"\b(?:must|should|has to|have to|needs? to|ought to|had better) (?:finally |now )?stop [a-z]+ing\b|"
    r"'s (?:weak|poor|bad|late|sloppy|lousy|terrible|wrong|careless|slow) (?!(?:season|weather|quarter|"
    r"month|demand))"
    r"[a-z]+ [^.;]*\b(?:short|must|has to|have to|cost us|owes?|lost)\b",
    r"\b(?:let(?:s|ting)? (?:[a-z]+ ){1,3}down\b(?! to)|dropp?(?:ed|s|ing) the ball|cost us (?:the|our|"
    r"a) [^,.;]*(?:must|has to|have to)|asleep at|"
    r"sat on (?:his|her|their)|held us back|holds? us back|holding us back|drags? (?:us|the team|our)|"
    r"dragged (?:us|"
    r"the team|our|down))\b",
    r"\b(?:clean|clear|make|cover|pick) up (?:for |after )?(?:[a-z]+'s? |his |her |their )(?:mess|mistakes?|"
    r"failures?|"
    r"shortfall|slack|errors?)",
)
BLAME_OF_NAME = (
    r"\b(?:because|since|as|due to|with|after|thanks to|given that) (?:our |the )?(?:[A-Z][a-z]+|"
    r"[Tt]eam [A-Z]\w*|"
    r"sales|marketing|logistics|finance|production|purchasing|support) (?:in [A-Z]\w+ |team |department )?"
    r"(?:is|are|was|were|keeps?|kept) (?:\w+ )?(?:slow|weak|late|asleep|lazy|unreliable|sloppy|behind|too)\b|"
    r"\b[A-Z][a-z]+ (?:lost|missed|blew|wasted|forgot|neglected|let|messed|failed|ignored|annoyed|upset|"
    r"scared|"
    r"screwed) [^.;]*\b(?:he|she|they|[A-Z][a-z]+) (?:must|has to|have to|needs? to|should|will|had better|"
    r"now)\b|"
    r"(?:^|[.;,] )(?:[A-Z][a-z]+'s (?:team|crew|group|mess|failure|fault|mistakes?)|[Tt]he [a-z]+ (?:team|"
    r"department|"
    r"shift|office|crew|guys|lot)) (?:has |have )?(?:lost|missed|wasted|forgot|neglected|let us|failed|"
    r"ignored|"
    r"annoyed|spoil(?:ed|t)|cost us|caused|underperform\w*|dropped|slept|ruined)\b"
)
# What is handed over or not: strong verbs need an object, weak ones a concrete one.
STRONG = (
    "publish(?:es|ed|ing)?|launch(?:es|ed|ing)?|releas(?:e|es|ed|ing)|ship(?:s|ped|ping)?|"
    "sign(?:s|ed|ing)?(?: off)?|submit(?:s|ted|ting)?|complet(?:e|es|ed|ing)|finish(?:es|ed|ing)?|"
    "finali[sz](?:e|es|ed|ing)|roll(?:s|ed|ing)? out|go(?:es)? live|goes? live|hir(?:e|es|ed|ing)|"
    "recruit(?:s|ed|ing)?|appoint(?:s|ed|ing)?|migrat(?:e|es|ed|ing)|deploy(?:s|ed|ing)?|"
    "hand(?:s|ed|ing)? over|open(?:s|ed|ing)?|install(?:s|ed|ing)?|certif(?:y|ies|ied)|"
    "obtain(?:s|ed|ing)?|register(?:s|ed|ing)?|approv(?:e|es|ed|ing)|fil(?:e|es|ed|ing)|"
    "renew(?:s|ed|ing)?|deliver(?:s|ed|ing)?|implement(?:s|ed|ing)?|integrat(?:e|es|ed|ing)|"
    "introduc(?:e|es|ed|ing)|replac(?:e|es|ed|ing)|relaunch(?:es|ed|ing)?|present(?:s|ed|ing)?|"
    "upload(?:s|ed|ing)?|activat(?:e|es|ed|ing)|switch(?:es|ed|ing)? (?:on|over|to)|secur(?:e|es|ed|ing)|"
    "close(?:s|d)?|retir(?:e|es|ed|ing)|shut(?:s|ting)? down|decommission(?:s|ed|ing)?|"
    "merg(?:e|es|ed|ing)|send(?:s|ing)?|sent|print(?:s|ed|ing)?|translat(?:e|es|ed|ing)|"
    "negotiat(?:e|es|ed|ing)|onboard(?:s|ed|ing)?|issu(?:e|es|ed|ing)|circulat(?:e|es|ed)|circulating|"
    "move(?:s|d)?|automat(?:e|es|ed|ing)|pilot(?:s|ed|ing)?|host(?:s|ed|ing)?|select(?:s|ed|ing)?|"
    "pass(?:es|ed)?|attend(?:s|ed|ing)?"
    "|renegotiat(?:e|es|ed|ing)|consolidat(?:e|es|ed|ing)|fill(?:s|ed|ing)? in|cancel(?:s|led|ling)?|"
    "withdraw(?:s|ing)?|relocat(?:e|es|ed|ing)|earn(?:s|ed)?(?= (?:[a-z0-9-]+ ){1,4}(?:status|accreditation|"
    "certifi|badge|seal|label|award|licen|approval|listing|tier|rating))|gain(?:s|"
    "ed)?(?= (?:[a-z0-9-]+ ){1,4}"
    "(?:status|accreditation|certification|approval|licen|permit))|achieve(?= (?:[a-z0-9-]+ ){1,4}(?:status|"
    "accreditation|certification|compliance))"
)
WEAK = (
    "build(?:s|ing)?|built|creat(?:e|es|ed|ing)|develop(?:s|ed|ing)?|establish(?:es|ed|ing)?|"
    "run(?:s|ning)?|conduct(?:s|ed|ing)?|hold(?:s|ing)?|set(?:s|ting)?(?: up)?|design(?:s|ed|ing)?|"
    "redesign(?:s|ed|ing)?|defin(?:e|es|ed|ing)|produc(?:e|es|ed|ing)|writ(?:e|es|ing)|written|"
    "draft(?:s|ed|ing)?|document(?:s|ed|ing)?|organi[sz](?:e|es|ed|ing)|prepar(?:e|es|ed|ing)|"
    "updat(?:e|es|ed|ing)|audit(?:s|ed|ing)?|map(?:s|ped|ping)?|rewrit(?:e|es|ing)|rewritten|"
    "overhaul(?:s|ed)?|film(?:s|ed|ing)?|record(?:s|ed|ing)?|compil(?:e|es|ed|ing)|rebuild(?:s|ing)?|"
    "rebuilt|carr(?:y|ies) out|stage|clean(?: up)?|review(?:s|ed|ing)?|agree(?: on)?|train(?:s|ed|ing)?|"
    "test(?:s|ed|ing)?|make an?"
    "|(?:get|gets|receive|receives|gain)(?= (?:[a-z0-9-]+ ){1,5}?(?:mark|permit|licen[cs]e|approval|"
    "certificate|"
    "certification|patent|accreditation|clearance|visa|sign-off|listed|approved|signed|certified|installed|"
    "published|running|live)\\b)|win(?:s|ning)?|won|land(?:s|ed|ing)?"
)
CONCRETE = (
    "reports?|web ?sites?|sites?|pages?|homepage|guides?|playbooks?|handbooks?|manuals?|crm|erp|"
    "dashboards?|contracts?|agreements?|events?|webinars?|newsletters?|surveys?|tools?|systems?|"
    "templates?|stud(?:y|ies)|videos?|checklists?|apps?|brochures?|white ?papers?|e-?books?|catalogues?|"
    "catalogs?|databases?|platforms?|portals?|models?|decks?|presentations?|trainings?|courses?|"
    "workshops?|roadmaps?|budgets?|plans?|strateg(?:y|ies)|frameworks?|polic(?:y|ies)|price lists?|"
    "pricelists?|pricing|programmes?|programs?|campaigns?|podcasts?|articles?|posts?|blogs?|stores?|"
    "shops?|showrooms?|offices?|branch(?:es)?|booths?|stands?|interviews?|analys[ie]s|audits?|maps?|"
    "journeys?|personas?|forms?|scripts?|calculators?|lists?|integrations?|workflows?|sequences?|"
    "funnels?|demos?|prototypes?|products?|features?|versions?|kits?|packages?|processes|process|"
    "procedures?|rules?|scorecards?|matrix|matrices|calendars?|experiments?|tests?|pilots?|sla|slas|"
    "portfolio|bundle|bot|chatbot|channels?|landing|referral|board|summit|conference|meet-?ups?|"
    "roundtables?|boot ?camps?|retrospectives?|reviews?|library|hub|wiki|base|repository|api|pipelines?|"
    "definition|taxonomy|segmentation|scoring|tracking|proposals?|offers?|tender|bid|logo|brand book|"
    "ads?|accounts?|licen[cs]es?|certificates?|certifications?|positions?|roles?|onboarding|feed|tags?|"
    "pixel|sandbox|inventory|fields?|records?|data|files?|mailings?|invoices?|quotes?|flyers?|posters?|"
    "case|interface|warehouse|mark|permit|approval|patent|accreditation|clearance|visa|sign-off"
    "|as an? (?:customer|client|partner|supplier|reference)"
)
# Things that carry a year or a quarter in their name: the 2027 price list.
DATED_THINGS = (
    "plan|plans|planning|budget|budgets|catalogue|catalog|list|lists|report|reports|newsletter|campaign|"
    "campaigns|calendar|edition|guide|strategy|roadmap|conference|summit|fair|event|events|survey|review|"
    "reviews|forecast|collection|brochure|handbook|promotion|kick-?off|playbook|release|almanac|price|"
    "prices|pricing|webinar|programme|model|statement|accounts|expo|convention|trends?"
)
# Vague words, to be quoted as a reason.
VAGUE = (
    (
        r"\b(?:improv(?:e|es|ing)|enhanc(?:e|es|ing)|strengthen(?:s|ing)?|optimi[sz](?:e|es|ing)|"
        "boost(?:s|ing)?|better|increas(?:e|es|ing)|streamlin(?:e|es|ing)|support(?:s|ing)?|"
        "develop(?:s|ing)?|foster(?:s|ing)?|promot(?:e|es|ing)|leverag(?:e|es|ing)|"
        "focus(?:es|ing)?(?: on)?|work (?:on|towards?|harder|smarter)|maximi[sz](?:e|es|ing)|"
        "grow(?:s|ing)?|reduc(?:e|es|ing)|deepen(?:s|ing)?|drive|driving|revitali[sz]e|transform|elevate|"
        r"ramp up|step up)\b"
    ),
    (
        r"\b(?:as (?:much|well|many|fast) as possible|significantly|substantially|noticeably|considerably|"
        "dramatically|as soon as possible|asap|do (?:our|your|their|my) best|more|greater|world[- ]class|"
        r"best[- ]in[- ]class|try(?:ing)? to|strive|further|somewhat|appropriate|adequate|good|great)\b"
    ),
)
# “Within two days” is a speed where every one of many is answered.
ANSWERING = (
    "respond|repl(?:y|ies|ied)|answer|contact|call(?:ed)? back|call|return|acknowledge|resolve|process|"
    "follow(?:ed)? up|handle|closed?|touch(?:ed)?|pay(?:ing)?|approve|invoice|quote|ship|dispatch|"
    "response|first[- ]contact"
)
EACH = (
    r"\b(?:all|each|every|any|always|new leads?|leads|inquir(?:y|ies)|enquir(?:y|ies)|tickets|complaints|"
    r"requests|customers|calls)\b|%"
)
# After these “to …” is not a purpose.
AIMING = (
    "want|wants|aim|aims|aiming|try|tries|trying|need|needs|plan|plans|able|continue|commit|committed|"
    "seek|strive|like|going|has|have|had|ought|start|begin|intend|intends|hope|hopes|get|ask|be|ready|"
    "willing|due|set|used|remember|learn|how|way|harder|easier|hard|easy|not|is|are|means|expected|"
    "supposed|agree|agrees|down|back|up|manage|opportunity|chance|right"
)
# With these the first “to …” says what somebody is to do.
TAKES_VERB = (
    "get|ask|encourage|enable|allow|help|push|motivate|train|teach|tell|persuade|convince|require|lead|"
    "coach|invite"
)
# Verbs that say, after “to”, what something is for.
SERVING = (
    "support|help|keep|give|protect|carry|repay|bear|staff|heat|equip|service|supply|house|qualify|clear|"
    "refinance|break even|hold|fund|secure|free|make|win|reach|cut|reduce|raise|lift|improve|"
    "increase|grow|meet|hit|fill|allow|enable|let|prepare|cover|avoid|prevent|stop|save|speed|open|feed|"
    "strengthen|build|maintain|retain|restore|replace|serve|show|prove|test|learn|understand|justify|"
    "compensate|offset|close|drive|deliver|handle|relieve|defend|attract|bring|stay|gain|ensure|back|"
    "unlock(?! (?:value|potential|growth|synerg|excellence|greatness|success))|boost|hedge|qualify|finance|"
    "sustain|recover|balance|match|shorten|lower|limit|reassure|"
    "convince|turn|shift|fix|address|counter|tackle|solve|contribute|achieve|fulfil|fulfill|comply|"
    "accelerate|expand|enter|underpin|advance|pave|lay|guarantee|safeguard|complement|reinforce|"
    "encourage|earn|make up|pay|spare|ease|remove|remain|become|beat|catch|capture|create|establish|"
    "spread|smooth|get|respond|be able|inform|identify|find|decide|compare|drop|shrink|minimi[sz]e|"
    "maximi[sz]e|leave|allocate|double|use|balance"
    "|climb|rank|appear|surpass|join|launch|sell|reward|prioriti[sz]e|adapt|relaunch|diversify|differentiate|"
    "penetrate|stabili[sz]e|revive|rebuild|regain|absorb|mitigate|simplify|streamline|standardi[sz]e|"
    "validate|verify|"
    "measure|track|monitor|demonstrate|position|promote|satisfy|delight|engage|convert|nurture|scale|"
    "optimi[sz]e|"
    "sharpen|deepen|broaden|extend|compete|calm|cushion|feed|profit|benefit|refer|reactivate|relieve|"
    "cross-sell"
)
# Clauses that say why.
PURPOSE = (
    r"\b(?:so|such) that\b",
    (
        r"(?<=[\w,;%)] )so (?!(?:by|in|on|far|much|many|few|little|long|good|well|before|until|this|from|"
        r"within|called|close)\b)"
    ),
    r"\bin order (?:to|that)\b",
    r"\bbecause\b",
    r"\bdue to\b|\bowing to\b|\bgiven (?:that|the)\b",
    (
        "(?:(?<=, )|(?<=; )|^)(?:since|as) (?!(?:of|a|january|february|march|april|may|june|july|august|"
        r"september|october|november|december|last|20\d\d|q\d|soon|well|much|many|part|our|"
        r"its)\b)(?=[^,]*\b(?:is|are|was|were|has|have|had|lost|loses?|losing|fell|dropped|takes?|took|"
        r"costs?|says?|said|complain|leaves?|left|do|does|did|needs?|missed|miss|\w+s|\w+ed)\b)"
    ),
    (
        r"(?:(?<=, )|(?<=- ))since (?!(?:january|february|march|april|may|june|july|august|september|october|"
        r"november|december|last|the (?:start|beginning|launch)|20\d\d|q\d|h\d|fy|\d)\b)"
    ),
    r"\bwithout (?:which|whom|them|it|this|that|these|those)\b|(?<=[,;.] )(?:or else|otherwise|if not,|"
    r"else) ",
    r"(?<=[,;-] )or (?:the|we|our|it|they|else)\b(?=[^,;]*\b(?:will|won't|can't|cannot|loses?|has to|"
    r"have to|goes|closes?)\b)",
    (
        r"(?:(?<=[,;.] )|(?<=- ))[^,;.|]{0,80}\b(?:depends?|hinges?|rests?|rel(?:y|ies)|hangs?|counts?) on "
        r"(?:it|this|that|them)\b"
    ),
    (
        r"\bas (?:a |an |the |our |its )?(?:[a-z]+ )?(?:basis|foundation|groundwork|evidence|proof|"
        r"preparation|"
        r"precondition|prerequisite|starting point|stepping stone|contribution|condition|answer|reaction|"
        r"input|"
        r"reference|cushion|buffer)\b(?: for| of| to| in)?"
    ),
    r"(?<=, )towards? (?:the|our|its|their|a|this)\b",
    (
        r"(?<=[,;] )(?:because|for|as) [^,;.]{2,}|(?<=; )[^,;.|]*\b(?:because of (?:it|this|that|them)|"
        r"(?:keep|keeps|kept) [a-z]+ing)\b|(?:(?<=- )|(?<=; )|(?<=[.] ))(?:the|our|we|it|they(?! (?:must|"
        r"need|have to|are to|owe))|that|this|every|each|last) [^,;.|]*\b(?:is|are|was|"
        r"were|"
        r"tie|ties|need|needs|lost|loses?|costs?|pays?|wants?|expects?|asks?|decides?|wait|waits|has|have)\b"
    ),
    r"\bin support(?: of)?\b|\bto support\b",
    r"\b(?:thereby|thus|hence) \w+",
    r"(?<=[;,] )[^;,.|]*\b(?:to|on|for|by|of|from|upon) (?:it|this)(?=$|[.;!])|^for (?:the|"
    r"our) [^:,|\d]{2,40}(?=[:,])",
    r"(?<=, )which (?:our|the|we(?! (?:must|need|have to))|they(?! (?:must|need|have to))|their|customers|"
    r"every|all|no|is|was|are|has|had|would|could|can|"
    r"cannot)\b",
    r"\bcontribut(?:e|es|ing) (?:to|towards?)\b",
    r"\bin line with\b|\bin keeping with\b|\bin service of\b|\bon behalf of\b|\bfor the benefit of\b",
    r"\balign(?:ed|s|ing)? (?:with|to)\b",
    (
        r"\bas (?:a |an |our |its |the |one )?(?:part|step|contribution|share|building block|input)(?: of|"
        r" towards?| to)\b"
    ),
    r"\bpart of (?:the|our)\b",
    (
        r"\btowards? (?:the|our|its|a) (?:[a-z0-9€$£%.'\\x22-]+ ){0,6}(?:goal|target|objective|strategy|plan|"
        "theme|ambition|revenue)"
    ),
    r"\bfor the sake of\b|\bwith (?:the|a) (?:aim|goal|intention|purpose) (?:of|to)\b|\bwith a view to\b",
    (
        r"(?<=[,;] )(?:which|this|that|it) (?:\w+ )?(?:helps?|supports?|serves?|feeds?|enables?|secures?|"
        "funds?|contributes?|moves?|brings?|protects?|frees?|gives?|lets?|allows?|reduces|accounts?|"
        "explains?|is|raises?|lowers?|makes?|will|keeps?|pays?|takes?|opens?|answers?|addresses|fixes|"
        r"closes|covers?|cuts?|saves?|builds?|underpins?|drives?|means|puts?|lifts?)\b"
    ),
    (
        "(?<=, )(?:helping|enabling|supporting|securing|contributing|allowing|freeing|feeding|protecting|"
        "serving|advancing|ensuring|driving|letting|giving|making|paving|laying|underpinning|fuelling|"
        "fueling|backing|covering|closing|answering|addressing|unlocking|opening|strengthening|reducing|"
        r"saving|building|cutting|lifting)\b"
    ),
    r"\bin response to\b|\b(?:after|following) (?:losing|the loss|the drop|the finding|last \w+'s)",
    (
        r"\b(?:for|serves?|serving|supports?|behind|under|feeds?) (?:the|"
        r"our) (?:[a-z0-9€$£%.'\\x22-]+ ){0,6}(?:goal|objective|strategy|theme|initiative|ambition|mission|"
        r"priority)\b"
    ),
    r"\b(?:why|reason|purpose|parent|supports|serves|background|cause|context|goal above|rationale) ?: ",
    (
        r"\bthe reason (?:is|being)\b|\b(?:needed|required|critical|essential|vital|crucial) (?:for|to|"
        r"because|by)\b"
    ),
)
# A second figure that only limits the first.
GUARDRAIL = (
    r"\b(?:while|whilst) (?:still )?(?:keeping|holding|maintaining|staying|not|preserving|remaining|"
    r"protecting|retaining|limiting|ensuring|the|we|avoiding|leaving)|\bwithout (?:\w+ ){0,2}(?:\w+ing|"
    r"more|any|an?|extra|additional|lower|higher)\b|\bat (?:an?|the same|no more|no less|no extra|"
    r"no additional|stable|constant|unchanged|a stable|most|least)\b|\bwith (?:an?|no|at (?:least|most)|"
    r"the same|stable|constant|unchanged)\b|\b(?:and|but) (?:keep|hold|maintain|stay|not|no more|no less|"
    r"at the same (?:cost|price|budget|margin))\b|\bsubject to\b|\bprovided\b|\bgiven\b"
)
# After a number these say that no noun follows.
NOT_NOUNS = (
    "of|in|on|at|by|to|from|for|with|within|into|over|under|above|below|than|as|and|or|but|per|each|"
    "every|the|a|an|or|until|before|after|during|through|between|vs|versus|is|are|was|be|this|next|last|"
    "more|better|fewer|less|higher|lower|plus|only|compared|against|so|because|while|since|via|across|"
    "out|up|down|off"
)
# Words that every business has: a goal that names only these is about everything.
BUSINESS = (
    "customers?|clients?|sales|marketing|brand|market|markets|revenue|product|products|online|digital|"
    "channel|channels|campaign|campaigns|content|lead|leads|deals?|accounts?|pipeline|conversion|funnel|"
    "website|social|media|email|team|commercial|partner|partners|employee|employees|staff|satisfaction|"
    "costs?|price|prices|profit|internal|external|key|strategic|bounce|industry|lifetime|acquisition|"
    "orders?|basket|click-through|purchases?|repeat|net|promoter|retention|times?|lost|act|response|data|"
    "users?|numbers?|share|rate|business|company|communications?|reporting|forecast|forecasts|planning|"
    "selling|seller|sellers|rep|reps|meetings?|calls?|work"
)
# Verbs that are no things.
OTHER_VERBS = (
    "motivate|nail|ace|upgrade|energi[sz]e|inspire|empower|challenge|coach|align|attend|win back|go|be|"
    "do|does|have|has|try|let|work|"
    "works|working|use|uses|using|think|stay|keep|give|take|put|show|become|remain|focus|focuses|"
    "focusing|strengthen|strengthens|strengthening|support|supports|supporting|develop|optimi[sz]e[sd]?|"
    "optimi[sz]ing|enhance|foster|fosters|leverage|streamline|transform|elevate|promote|engage|better|"
    "better|manage|handle|follow|care|strive|crush|smash|rock|kill|dominate|excel|shine|beat|fight|lead|"
    "leads?(?= to)|move|moves|moving|start|stop|win|wins|encourage|stand|act|perform|live|deserve|push|"
    "pull|dig|survive|matter|counts?|cover|come|deepen|revitali[sz]e|ramp|sell"
)
# How something is once it is handed over.
DONE = (
    "live|published|launched|released|shipped|signed(?: off)?|submitted|completed?|finished|finali[sz]ed|"
    "rolled out|hired|recruited|appointed|migrated|deployed|handed over|opened|installed|certified|"
    "in (?:place|production|use|operation)|delivered|implemented|integrated|introduced|replaced|approved|"
    "agreed|up and running|ready|available|online|in stores?|go-?live|on sale|closed|documented|trained|"
    r"open(?=[ |]*(?:by\b|before\b|$|\|))|reviewed|stocked|set up|built|written|translated|renewed|merged|"
    r"cleaned|switched (?:on|off|over)|"
    "decommissioned|onboarded|equipped|filed|registered|paid|booked|filled|tested|audited|printed"
)
# KPIs that may be named two at a time under one verb.
PAIRED = (
    "rates?|revenue|turnover|costs?|margins?|profits?|leads?|mqls?|sqls?|traffic|satisfaction|churn|"
    "retention|nps|csat|awareness|bookings|orders|conversions?|visits|clicks|complaints|returns|"
    "productivity|profitability|loyalty|engagement|reach|growth"
)
# Postures, feelings and virtues: with these and without a figure nothing is named that one could see.
SOFT_VERBS = (
    "communicate|listen|collaborate|cooperate|engage|respect|appreciate|honou?r|welcome|instil|infuse|"
    "encourage a|"
    "raise awareness|build a (?:winning|strong|great|better|world)|build (?:strong|better|lasting|great)|"
    "embrace|delight|wow|inspire|ignite|unleash|unlock|empower|energi[sz]e|motivate|celebrate|champion|"
    "cultivate|"
    "nurture|foster|seize|overcome|conquer|think|be|become|live|believe|dare|dream|own|stand|unite|rally|"
    "synergi[sz]e|align|harness|leverage|elevate|reimagine|rethink|reinvent|transform|revolutioni[sz]e|"
    "disrupt|"
    "aspire|strive|excel|shine|act|rise|roll up|hit the ground|pull together|pull our|spark|thrive|amaze|"
    "aim|commit|"
    "surprise|exceed expectations|work (?:harder|smarter|better|together|as one|closer)|stay|keep (?:calm|"
    "going|"
    "pushing|smiling|fighting|learning|the)|walk the|lead (?:the way|by|from|with)|drive (?:excellence|"
    "change|"
    "innovation|growth|success|value|results)|push (?:harder|ourselves|the)|play to|take (?:ownership|pride|"
    "responsibility|initiative|charge)|show (?:up|more|commitment|initiative|them|the)|go (?:above|beyond|"
    "further|"
    "the|for)|make (?:a difference|every \\w+ count|our|it count|us proud|magic)|create (?:value|magic|"
    "memorable|"
    "wow|lasting|momentum|synerg|a culture|an environment)|sharpen|radiate|adopt an? (?:mindset|attitude)|"
    "put (?:people|customers?|quality|guests?|patients|safety|the customer) (?:first|at)|care (?:more|about)|"
    "win (?:hearts|as|big|the future|together)|change the way|set the (?:standard|pace|tone)|pursue|"
    "ensure success|"
    "refresh|breathe|face|tackle (?:challenges|the future)|turn (?:challenges|obstacles|passion)|learn from|"
    "smile|"
    "connect|bring (?:energy|joy|passion|our best|the energy|more)|give more|never"
)
SOFT_THINGS = (
    "to heart|(?:deepen|strengthen|intensify|solidify|cement|reinforce|"
    "expand)\\w* (?:[a-z]+ ){0,3}(?:partnerships?|"
    "alliances?|dialogue|contacts?|network|presence|position|brand|foundations?)|one step ahead|ahead of the|"
    "cutting edge|momentum|on a high|finish strong|dream team|a-game|legacy|beyond expectations|expectations|"
    "bridges|turn\\w* (?:problems|challenges|obstacles|ideas|setbacks|complaints)|smiles?|soul|holistic|"
    "unbeatable|unstoppable|fearless|level up|our game|openness|role models?|"
    "the way we|"
    "(?:happy|proud|engaged|motivated|inspired|passionate|brave) [a-z]+|"
    "awareness of|feel|feels|feeling|at home|initiative|winning|stakeholders|mutual|pride|proud|dignity|"
    "honesty|"
    "integrity|courage|curiosity|wellbeing|well-being|"
    "communications?(?! (?:plan|calendar|budget|platform|agency|manual|guide))|collaboration|cooperation|"
    "coordination|"
    "confidence|bonds|ties|relations|relationships?|trust|(?<!brand )reputation|image|standing|prestige|"
    "visibility|"
    "sense|urgency|priorit(?:y|ies)|everybody's|everyone's|somebody's|excitement|connections?(?= with)|"
    "skills|skillset|mood|mindset|spirit|morale|culture|attitude|atmosphere|vibe|accountability|ownership|"
    "(?<!cross-sell )(?<!upsell )potential|passion|enthusiasm|motivation|synerg(?:y|ies)|teamwork|mentality|"
    "competitive edge|(?:silly|careless|stupid|sloppy|childish|basic) (?:mistakes?|faults?|errors?|slips?)|"
    "(?<!no )excuses|challenges|opportunities ahead|same (?:direction|page)|aligned|on board|go-to|"
    "peace of mind|trusted (?:partner|advis[eo]r)|customer-?centric(?:ity)?|customer obsession|empathy|"
    "happiness|greatness|brilliance|brilliant|perfection|professionalism|resilience|agility|creativity|"
    "self-?confidence|commitment|discipline|dedication|energy level|sense of|team bonds?|cohesion|rapport|"
    "goodwill|lasting (?:brand|impression|impact|value|relationships?)|hearts|"
    "(?:unforgettable|memorable|amazing|outstanding|exceptional|seamless|wonderful) [a-z]+|at heart|"
    "one (?:voice|mission|dream|family)|our best selves|finger-?pointing|complaining|infighting|drama|"
    "negativity|"
    "complacency|mediocrity|comfort zone|boundaries|barriers|limits|dots"
)
# Words of slogans.
SLOGAN = (
    r"\b(?:whatever it takes|extra mile|next level|world[- ]class|best in class|number one|no\. ?1|"
    r"be the best|win together|one team|thought leaders?\b|customer first|customers first|think big|"
    "dream big|crush|smash|rock|go big|dig deep|all in|excellence|second to none|top of (?:our|the) game|"
    "raise the bar|push (?:the )?boundaries|never give up|make it happen|game|step up|"
    "give (?:it )?(?:our|your|their) (?:all|best)|do (?:our|your|their) best|less talk|be more|shine|"
    "dominate|beat the competition|stronger together|together we|keep up|let's|stay hungry|go for|"
    "aim high|reach for|leave no|hustle|passion|leading (?:provider|player|company)|market leader|"
    r"champions?|heroes|be bold|fire on all)\b"
)
