<section id="protocol" aria-labelledby="protocol-title">
<h2 id="protocol-title">Protocols and suites</h2>
{{#NO_ENDPOINTS}}<p class="none">No endpoint was looked at: neither the project nor the operator named one that could be dialled.</p>{{/NO_ENDPOINTS}}
{{#ENDPOINT}}
<h3>{{KEY}}</h3>
<div class="stack">
<dl class="pairs">
<dt>Reached at</dt><dd>{{ADDRESS}}</dd>
<dt>Named by</dt><dd>{{NAMED_BY}}</dd>
<dt>Port</dt><dd>{{PORT_ANSWER}}</dd>
{{#SIBLING}}<dt>Port {{PORT}}</dt><dd>{{TEXT}}</dd>{{/SIBLING}}
{{#FACT}}<dt>{{NAME}}</dt><dd>{{TEXT}}</dd>{{/FACT}}
</dl>
{{#GAP}}<p class="none">{{TEXT}}</p>{{/GAP}}
{{#SURVEY}}
<div class="scroll" role="region" aria-labelledby="{{ID}}-versions" tabindex="0">
<table class="matrix">
<caption id="{{ID}}-versions">Protocol versions of {{KEY}}</caption>
<thead><tr><th scope="col">Version</th><th scope="col">Answer</th><th scope="col">Decided by</th></tr></thead>
<tbody>{{#VERSION}}<tr><th scope="row">{{NAME}}</th><td class="{{CELL}}">{{ANSWER}}</td><td class="reason">{{REASON}}</td></tr>
{{/VERSION}}</tbody>
</table>
</div>
{{#SUITES}}
<div class="scroll" role="region" aria-labelledby="{{ID}}-suites" tabindex="0">
<table class="matrix">
<caption id="{{ID}}-suites">{{CAPTION}}</caption>
<thead><tr><th scope="col">Suite</th><th scope="col">Forward secrecy</th><th scope="col">Encryption</th>{{#COLUMN}}<th scope="col">{{NAME}}</th>{{/COLUMN}}</tr></thead>
<tbody>{{#SUITE}}<tr><th scope="row">{{NAME}}</th><td>{{SECRECY}}</td><td>{{ENCRYPTION}}</td>{{#CELL}}<td class="{{KIND}}">{{TEXT}}</td>{{/CELL}}</tr>
{{/SUITE}}</tbody>
</table>
</div>
{{/SUITES}}
{{/SURVEY}}
</div>
{{/ENDPOINT}}
</section>
