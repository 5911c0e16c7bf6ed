<section id="scope" aria-labelledby="scope-title">
<h2 id="scope-title">Scope and limits</h2>
<dl class="pairs">
{{#SCOPE_FACT}}<dt>{{NAME}}</dt><dd>{{TEXT}}</dd>{{/SCOPE_FACT}}
</dl>
<h3>What was not seen</h3>
{{#NO_GAPS}}<p class="none">Nothing that was asked for was left out.</p>{{/NO_GAPS}}
{{#HAS_GAPS}}
<div class="scroll" role="region" aria-labelledby="gaps-caption" tabindex="0">
<table>
<caption id="gaps-caption">What could not be seen, why, and what would close the gap</caption>
<thead><tr><th scope="col">What</th><th scope="col">Why</th><th scope="col">Remedy</th></tr></thead>
<tbody>
{{#GAP_ROW}}<tr><td>{{DETAIL}}</td><td>{{REASON}}</td><td>{{REMEDY}}</td></tr>
{{/GAP_ROW}}
</tbody>
</table>
</div>
{{/HAS_GAPS}}
<h3>What the audit cost</h3>
{{#NO_FOOTPRINT}}<p class="none">No connection was made.</p>{{/NO_FOOTPRINT}}
{{#HAS_FOOTPRINT}}
<div class="scroll" role="region" aria-labelledby="footprint-caption" tabindex="0">
<table>
<caption id="footprint-caption">Connections and bytes for each endpoint; the last column tells how many warnings its own log will show</caption>
<thead><tr><th scope="col">Endpoint</th><th scope="col" class="num">Connections</th><th scope="col" class="num">Complete handshakes</th><th scope="col" class="num">Commands</th><th scope="col" class="num">Sent</th><th scope="col" class="num">Received</th><th scope="col" class="num">Time</th><th scope="col" class="num">Log warnings</th></tr></thead>
<tbody>
{{#FOOTPRINT}}<tr><th scope="row">{{KEY}}</th><td class="num">{{CONNECTIONS}}</td><td class="num">{{HANDSHAKES}}</td><td class="num">{{COMMANDS}}</td><td class="num">{{SENT}}</td><td class="num">{{RECEIVED}}</td><td class="num">{{TIME}}</td><td class="num">{{LOG_LINES}}</td></tr>
{{/FOOTPRINT}}
</tbody>
</table>
</div>
{{/HAS_FOOTPRINT}}
</section>
<section id="attestations" aria-labelledby="attestations-title">
<h2 id="attestations-title">Attestations</h2>
<p class="intro">Dated statements of persons, for what no machine can see. An attestation never overrides a failure.</p>
{{#NO_ATTESTATIONS}}<p class="none">None were given.</p>{{/NO_ATTESTATIONS}}
{{#HAS_ATTESTATIONS}}
<div class="scroll" role="region" aria-labelledby="attestations-caption" tabindex="0">
<table>
<caption id="attestations-caption">Attestations, judged as of {{AS_OF}} UTC</caption>
<thead><tr><th scope="col">Kind</th><th scope="col">Statement</th><th scope="col">By</th><th scope="col">Date</th><th scope="col">Expires</th><th scope="col">State</th><th scope="col">Evidence</th></tr></thead>
<tbody>
{{#ATTESTATION}}<tr><th scope="row">{{KIND}}</th><td>{{STATEMENT}}</td><td>{{BY}}<div class="small soft">{{ROLE}}</div></td><td class="nowrap">{{DATE}}</td><td class="nowrap">{{EXPIRES}}</td><td>{{STATE}}</td><td class="small">{{EVIDENCE}}</td></tr>
{{/ATTESTATION}}
</tbody>
</table>
</div>
{{/HAS_ATTESTATIONS}}
</section>
