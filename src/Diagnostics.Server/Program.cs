using Diagnostics.Server.Commands;

// The host handles signals, so that the service drains before it ends; the parser would end it after two seconds.
return await CommandLine.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
