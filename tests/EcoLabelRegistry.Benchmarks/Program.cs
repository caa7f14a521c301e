using EcoLabelRegistry.Benchmarks;

return args switch
{
    ["serve", var database, var port, var barePort, var body] => await ServeBoth.RunAsync(database, port, barePort, body),
    ["micro", .. var rest] => EngineBenchmarks.Run(rest),
    _ => await MeasureAll.RunAsync(args),
};
