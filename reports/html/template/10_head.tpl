<body>
<a class="skip" href="#main">Skip to the report</a>
<svg class="definitions" aria-hidden="true" focusable="false">
<symbol id="i-pass" viewBox="0 0 20 20"><path d="M4 10.5l4 4 8-9"/></symbol>
<symbol id="i-warn" viewBox="0 0 20 20"><path d="M10 3L18 17H2z"/><path d="M10 8.5v3.5M10 14.4v.2"/></symbol>
<symbol id="i-fail" viewBox="0 0 20 20"><path d="M5 5l10 10M15 5L5 15"/></symbol>
<symbol id="i-manual" viewBox="0 0 20 20"><circle cx="10" cy="6.2" r="3.2"/><path d="M3.5 17c.8-3.6 3.300-5.300 6.500-5.300s5.700 1.700 6.500 5.300"/></symbol>
<symbol id="i-unknown" viewBox="0 0 20 20"><path d="M6.500 7.200a3.500 3.500 0 1 1 5 3.100c-1 .5-1.500 1.100-1.500 2.200M10 16.300v.2"/></symbol>
<symbol id="i-not_applicable" viewBox="0 0 20 20"><path d="M4.500 10h11"/></symbol>
<symbol id="i-waived" viewBox="0 0 20 20"><path d="M5 17.500V3h9.500l-2 3.500 2 3.500H5"/></symbol>
</svg>
<header class="masthead {{TONE}}">
<div class="wrap">
<div>
<p class="kicker">Redis TLS audit report</p>
<h1><span class="word"><svg class="icon" aria-hidden="true"><use href="#i-{{TONE}}"/></svg>{{VERDICT_WORD}}:</span> {{VERDICT}}</h1>
<p class="lede">{{SENTENCE}}</p>
</div>
<dl class="facts">
<dt>Audited</dt><dd>{{#AUDITED}}<div>{{NAME}}</div>{{/AUDITED}}</dd>
<dt>As of</dt><dd>{{AS_OF}} UTC</dd>
{{#SCAN_BEFORE}}<dt>Before</dt><dd>{{TEXT}}</dd>{{/SCAN_BEFORE}}
<dt>Profile</dt><dd>{{PROFILE_TITLE}} <span class="soft">({{PROFILE}})</span></dd>
<dt>Tool</dt><dd>redis-tls-audit {{TOOL_VERSION}}</dd>
<dt>Report</dt><dd class="mono">{{RUN_ID}}</dd>
</dl>
<div class="tally">
<h2 class="vh">Results of the {{ITEM_COUNT}} checklist items</h2>
<ul class="counts">
{{#COUNT}}<li class="{{TONE}}{{#ZERO}} zero{{/ZERO}}"><b>{{NUMBER}}</b><span><svg class="icon" aria-hidden="true"><use href="#i-{{ICON}}"/></svg>{{WORD}}</span></li>
{{/COUNT}}
</ul>
<p class="soft small">{{TALLY_NOTE}}</p>
</div>
</div>
</header>
<div class="wrap body">
<nav class="contents" aria-label="Contents">
<p class="title">Contents</p>
<ul>
<li><a href="#first">What to do first</a></li>
<li><a href="#checklist">Checklist</a></li>
<li><a href="#findings">Findings</a></li>
<li><a href="#certificates">Certificates</a></li>
<li><a href="#protocol">Protocols and suites</a></li>
<li><a href="#applications">Applications</a></li>
<li><a href="#keys">Keys and repository</a></li>
<li><a href="#scope">Scope and limits</a></li>
<li><a href="#attestations">Attestations</a></li>
<li><a href="#sign-off">Sign-off</a></li>
<li><a href="#appendix">Appendix</a></li>
</ul>
</nav>
<main id="main">
