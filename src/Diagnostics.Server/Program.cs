using Diagnostics.Server;

return await CommandLine.Parse(args).InvokeAsync();
