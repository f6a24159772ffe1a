using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;

// Signals are the host's affair: the service drains before it ends, and the parser would end the process after two seconds.
return await CommandLine.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
