using Tributary.Cli;

return await CommandTree.RunAsync(args, Console.Out, Console.Error, TimeProvider.System);
