"""What AI costs: claims cost-1 to cost-5.

==============  ================================================================
``prices``      offers, capability, the cheapest price at a level, its decline
``levels``      price changes and paths by level of capability
``robustness``  whether the decline changed, and how it moves with other choices
``training``    cost and compute of training runs, hardware, algorithms
``scenarios``   a workload's bill, and named paths until the horizon
``summary``     the five claims, judged
``findings``    sentences
``figures``     drawings
``tables``      tables
==============  ================================================================
"""
