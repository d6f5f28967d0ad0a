"""AWS on loopback: moto, and the parts of AWS that this project's stacks meet and moto leaves out.

``client`` is what other code uses; it imports no moto. Everything else runs in the child process
that ``python -m clarify_local.emulator`` starts. Each file changes one part of moto and says what
was missing there; the tests read back what each file promises, because moto is free to move.

What a run here does not show, because it is not done:

- Images are not run: the open engine does the work of any image. Functions are Python, always start
  cold, and may use all memory. An endpoint has one variant and one container.
- IAM: signatures are not verified; session policies, service control policies and policies of keys,
  functions, topics and buses are not judged; a condition key that is not known holds in an Allow
  and does not in a Deny, and ``Emulator.notes`` names it. CloudFormation asks for no permission of
  its role.
- Network: nothing travels through the VPC. Whether a job could reach S3 and SageMaker is told from
  routes, endpoints and security groups; network ACLs and endpoint policies refuse no call. (A
  rehearsal reads both beforehand: ``clarify_local.reachability``.)
- CloudFormation: types and properties that are not emulated are left out and named in the notes; a
  failed update is not rolled back.
- State machines write no logs and no traces.
- EventBridge hears of jobs, new objects, model packages and of how executions end; its rules start
  state machines and nothing else. Schedules are left out: nothing starts at a time of day.
- The model registry keeps packages, and makes models of them; it validates and scans none.
- CloudWatch makes no metrics, neither its own nor those that a log holds, and no alarm goes off.
"""
