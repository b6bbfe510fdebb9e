"""What AI costs: claims cost-1 to cost-5.

==============  ================================================================
``prices``      offers, capability, the price frontier of a level
``decline``     how fast the frontier falls: over benchmarks, by year, by age
``arrival``     whether it fell faster after a seller's arrival
``robustness``  equal quality, and rates of others
``training``    cost and compute of training runs, hardware, algorithms
``scenarios``   a level's lowest price, a workload's bill, and named paths to come
``choices``     the claims' estimates under the choices of their grids
``summary``     the five claims, judged
``findings``    sentences
``figures``     drawings
``tables``      tables
==============  ================================================================
"""
