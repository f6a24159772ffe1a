using Diagnostics.Server.Commands;

// The host handles signals: the service drains before it ends, and the parser would end the process after two seconds.
return await CommandLine.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
