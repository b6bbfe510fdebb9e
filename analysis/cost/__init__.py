"""What AI costs: claims cost-1 to cost-5.

================ ====================================================================
``prices``       offers, capability, the price frontier of a level
``decline``      how fast the frontier falls: over benchmarks, by year, by age
``decline_rate`` how much it changed after a day, for other briefs too
``arrival``      whether it fell faster after a seller's arrival
``robustness``   equal quality, and rates of others
``training``     cost and compute of training runs, hardware, algorithms
``scenarios``    a level's lowest price, a workload's bill, and named paths to come
``workloads``    bills of other workloads, for a reader to try
``vintages``     a level's lowest price as it was known in each month
``projections``  the random walk that forecasts it: the model, written down first
``hindcast``     forecasts from past dates, their scores, and when a fan is drawn
``scoring``      coverage and tests over dates
``published``    projections as editions store them, and what came
``choices``      the claims' estimates under the choices of their grids
``summary``      the five claims, judged
``answers``      the five claims, each in one plain sentence
``findings``     sentences
``figures``      drawings
``tables``       tables
================ ====================================================================
"""
