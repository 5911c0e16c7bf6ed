<section id="first" aria-labelledby="first-title">
<h2 id="first-title">What to do first</h2>
{{#NO_ACTIONS}}<p>{{TEXT}}</p>{{/NO_ACTIONS}}
{{#HAS_ACTIONS}}<ol class="actions">
{{#ACTION}}<li>
<h3>{{TITLE}}</h3>
<p>{{WHY}}</p>
{{#FIX}}<pre>{{TEXT:pre_escape}}</pre>{{/FIX}}
<p class="more"><a href="#{{ID}}">Evidence: {{CODE}}</a>{{#RESOLVES}} <span class="soft">· settles {{NUMBER}} findings</span>{{/RESOLVES}}</p>
</li>
{{/ACTION}}</ol>{{/HAS_ACTIONS}}
{{#MORE_ACTIONS}}<p class="small soft after">{{TEXT}}</p>{{/MORE_ACTIONS}}
</section>
<section id="checklist" aria-labelledby="checklist-title">
<h2 id="checklist-title">Checklist</h2>
<p class="intro">The guide's twelve items in their order, and S, the supporting safeguards. An item passes only when something was seen that proves it; what could not be seen is not determined, and never counts as a pass.</p>
<div class="scroll" role="region" aria-labelledby="checklist-caption" tabindex="0">
<table class="checklist" role="table">
<caption id="checklist-caption">Result of each item under profile {{PROFILE}}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">No.</th><th scope="col" role="columnheader">Item</th><th scope="col" role="columnheader">Result</th><th scope="col" role="columnheader">Why</th><th scope="col" role="columnheader">Evidence</th></tr></thead>
<tbody role="rowgroup">
{{#ROW}}<tr class="{{TONE}}" id="item-{{ANCHOR}}" role="row"><td class="no" role="cell">{{ITEM}}</td><th scope="row" role="rowheader">{{TITLE}}<span class="hipaa">{{HIPAA}}</span></th><td role="cell"><span class="chip {{TONE}}"><svg class="icon" aria-hidden="true"><use href="#i-{{TONE}}"/></svg>{{WORD}}</span>{{#NOTE}} <span class="small soft">{{TEXT}}</span>{{/NOTE}}</td><td role="cell">{{SENTENCE}}</td><td class="evidence small" role="cell">{{#LINK}}<a href="#{{ID}}">{{CODE}}<span class="vh">, evidence for item {{ITEM}}</span></a> {{/LINK}}{{#MORE}}<span class="soft">and {{NUMBER}} more</span>{{/MORE}}{{#NO_LINK}}<span class="soft">none</span>{{/NO_LINK}}</td></tr>
{{/ROW}}
</tbody>
</table>
</div>
</section>
