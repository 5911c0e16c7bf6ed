<section id="applications" aria-labelledby="applications-title">
<h2 id="applications-title">Applications</h2>
{{#NO_CONSUMERS}}<p class="none">No application's settings were found.</p>{{/NO_CONSUMERS}}
{{#HAS_CONSUMERS}}
<div class="scroll" role="region" aria-labelledby="applications-caption" tabindex="0">
<table>
<caption id="applications-caption">Applications that talk to Redis, each as one source configures it</caption>
<thead><tr><th scope="col">Application</th><th scope="col">Connects to</th><th scope="col">Verification</th><th scope="col">Session with its own parameters</th><th scope="col">Read as</th></tr></thead>
<tbody>
{{#CONSUMER}}<tr><th scope="row">{{NAME}}<div class="small soft">{{SOURCE}}</div></th><td>{{TARGET}}</td><td>{{LEVEL}}<div class="small soft">{{REASON}}</div></td><td>{{SESSION}}</td><td class="small">{{READER}}</td></tr>
{{/CONSUMER}}
</tbody>
</table>
</div>
{{/HAS_CONSUMERS}}
</section>
<section id="keys" aria-labelledby="keys-title">
<h2 id="keys-title">Keys and repository</h2>
{{#NO_KEYS}}<p class="none">No file that holds a private key was found.</p>{{/NO_KEYS}}
{{#HAS_KEYS}}
<div class="scroll" role="region" aria-labelledby="keys-caption" tabindex="0">
<table>
<caption id="keys-caption">Files that hold a private key; no key byte was kept</caption>
<thead><tr><th scope="col">File</th><th scope="col">Key</th><th scope="col">Mode</th><th scope="col">Owner</th><th scope="col">Named by</th></tr></thead>
<tbody>
{{#KEY_FILE}}<tr><th scope="row">{{PATH}}</th><td>{{KIND}}</td><td class="mono">{{MODE}}</td><td>{{OWNER}}</td><td class="small">{{NAMED_BY}}</td></tr>
{{/KEY_FILE}}
</tbody>
</table>
</div>
{{/HAS_KEYS}}
<h3>Version control</h3>
<dl class="pairs">
{{#REPOSITORY_FACT}}<dt>{{NAME}}</dt><dd>{{TEXT}}</dd>{{/REPOSITORY_FACT}}
</dl>
</section>
