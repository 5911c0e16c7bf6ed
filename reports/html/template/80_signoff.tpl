<section id="sign-off" aria-labelledby="sign-off-title">
<h2 id="sign-off-title">Sign-off</h2>
<p class="statement">By signing, the reviewer states to have read this report, to know which items are not determined or wait for a person, and to have taken the actions that it names into the organisation's risk management.</p>
<div class="scroll" role="region" aria-labelledby="sign-off-caption" tabindex="0">
<table class="sign">
<caption id="sign-off-caption">Report {{RUN_ID}}, {{VERDICT_WORD}}</caption>
<thead><tr><th scope="col">Step</th><th scope="col">Name and role</th><th scope="col">Remarks</th><th scope="col">Date</th><th scope="col">Signature</th></tr></thead>
<tbody>
<tr><th scope="row">Prepared</th><td></td><td></td><td></td><td></td></tr>
<tr><th scope="row">Reviewed</th><td></td><td></td><td></td><td></td></tr>
<tr><th scope="row">Approved</th><td></td><td></td><td></td><td></td></tr>
</tbody>
</table>
</div>
</section>
<section id="appendix" aria-labelledby="appendix-title">
<h2 id="appendix-title">Appendix</h2>
<h3>Identity of this report</h3>
<dl class="pairs">
<dt>Report id</dt><dd class="mono">{{RUN_ID}}</dd>
<dt>Evidence SHA-256</dt><dd class="mono">{{EVIDENCE_DIGEST}}</dd>
<dt>Policy SHA-256</dt><dd class="mono">{{POLICY_DIGEST}}</dd>
<dt>Result line</dt><dd class="mono">{{RESULT_LINE}}</dd>
<dt>To verify</dt><dd>Judging the saved evidence again under the same profile gives these bytes again: <code>redis-tls-audit evaluate evidence.json --profile {{PROFILE}} --output html=again.html</code></dd>
</dl>
<h3>Checks, items and controls</h3>
<div class="scroll" role="region" aria-labelledby="mapping-caption" tabindex="0">
<table class="mapping">
<caption id="mapping-caption">{{MAPPING_CAPTION}}</caption>
<thead><tr><th scope="col">Check</th><th scope="col">What must hold</th><th scope="col">Result</th><th scope="col">Items</th><th scope="col">Controls</th></tr></thead>
<tbody>
{{#MAPPING}}<tr><th scope="row" class="nowrap">{{CODE}}<div class="small soft">{{NAME}}</div></th><td>{{TITLE}}</td><td><span class="chip {{TONE}}"><svg class="icon" aria-hidden="true"><use href="#i-{{TONE}}"/></svg>{{WORD}}</span>{{#PROBLEM}}<div class="small soft">{{TEXT}}</div>{{/PROBLEM}}</td><td>{{ITEMS}}</td><td class="small">{{CONTROLS}}</td></tr>
{{/MAPPING}}
</tbody>
</table>
</div>
</section>
</main>
</div>
<footer class="foot"><div class="wrap">
<p>Report <span class="mono">{{RUN_ID}}</span> · evidence SHA-256 <span class="mono">{{EVIDENCE_DIGEST}}</span></p>
<p>Made by redis-tls-audit {{TOOL_VERSION}}. This page is one file; it holds no script and loads nothing.</p>
</div></footer>
</body>
</html>
