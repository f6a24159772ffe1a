using Diagnostics.Server.Commands;

return await CommandLine.Run(args);
